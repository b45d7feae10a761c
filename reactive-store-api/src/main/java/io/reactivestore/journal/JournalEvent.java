package io.reactivestore.journal;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a journal says.
 *
 * <pre>{@code
 * Flux<PersistenceEnvelope> steps = store.require(Capability.JOURNAL).read("order-42", 0)
 *         .map(JournalEntry::event)
 *         .ofType(JournalEvent.StepRecorded.class)
 *         .map(JournalEvent.StepRecorded::envelope);
 * }</pre>
 */
public sealed interface JournalEvent {

    /**
     * Gives the time the event carries. Order is the position, never this.
     *
     * @return when it happened, in microseconds
     */
    Instant at();

    /**
     * Gives the payload the event carries.
     *
     * @return a step's payload, a decision's override, a completion's result or a custom event's content, or null
     */
    default @Nullable Payload payload() {
        return null;
    }

    /**
     * An attempt of a step ended, or is about to run.
     *
     * @param envelope its record
     */
    record StepRecorded(PersistenceEnvelope envelope) implements JournalEvent {
        /**
         * Checks that the envelope is there.
         *
         * @param envelope what {@link io.reactivestore.PersistenceStore#append} was given
         * @throws IllegalArgumentException if it is null
         */
        public StepRecorded {
            Check.present("envelope", envelope);
        }

        @Override
        public Instant at() {
            return envelope.at();
        }

        @Override
        public @Nullable Payload payload() {
            return envelope.payload();
        }
    }

    /**
     * Somebody decided about a node.
     *
     * @param intervention the decision
     */
    record Intervened(Intervention intervention) implements JournalEvent {
        /**
         * Checks that the intervention is there.
         *
         * @param intervention what {@link io.reactivestore.PersistenceStore#saveIntervention} was given
         * @throws IllegalArgumentException if it is null
         */
        public Intervened {
            Check.present("intervention", intervention);
        }

        @Override
        public Instant at() {
            return intervention.at();
        }

        @Override
        public @Nullable Payload payload() {
            return intervention.payloadOverride();
        }
    }

    /**
     * The trace was taken up again behind a step; what stands before this entry with a higher step is void. Its writer holds
     * the trace from here on.
     *
     * @param fromStep the last step kept, −1 for none
     * @param at when
     */
    record Resumed(long fromStep, Instant at) implements JournalEvent {
        /**
         * Checks the step and cuts the time to microseconds.
         *
         * @param fromStep at least −1
         * @param at when, in the years 1583 to 9999
         * @throws IllegalArgumentException naming the field that is not of that form
         */
        public Resumed {
            Check.atLeast("fromStep", fromStep, -1);
            at = Check.instant("at", at);
        }
    }

    /**
     * A writer took the trace over; every other writer is fenced off from here on.
     *
     * @param owner a name for people; what fences is the writer of the entry
     * @param at when
     */
    record Claimed(String owner, Instant at) implements JournalEvent {
        /**
         * Checks the owner and cuts the time to microseconds.
         *
         * @param owner 1 to 255 characters without control characters
         * @param at when, in the years 1583 to 9999
         * @throws IllegalArgumentException naming the field that is not of that form
         */
        public Claimed {
            Check.name("owner", owner, Check.NAME_CHARS);
            at = Check.instant("at", at);
        }
    }

    /**
     * The trace left its engine's memory. It waits for its time to come, or for a decision.
     *
     * @param wakeAt when to go on, or null if only a decision can bring the trace back
     * @param at when
     */
    record Suspended(@Nullable Instant wakeAt, Instant at) implements JournalEvent {
        /**
         * Cuts the times to microseconds.
         *
         * @param wakeAt in the years 1583 to 9999, or null
         * @param at when, in the years 1583 to 9999
         * @throws IllegalArgumentException naming the field that is not of that form
         */
        public Suspended {
            wakeAt = Check.instantOrNull("wakeAt", wakeAt);
            at = Check.instant("at", at);
        }
    }

    /**
     * The trace ended.
     *
     * @param completion how
     */
    record Completed(Completion completion) implements JournalEvent {
        /**
         * Checks that the completion is there.
         *
         * @param completion what {@link io.reactivestore.PersistenceStore#complete} was given
         * @throws IllegalArgumentException if it is null
         */
        public Completed {
            Check.present("completion", completion);
        }

        @Override
        public Instant at() {
            return completion.at();
        }

        @Override
        public @Nullable Payload payload() {
            return completion.result();
        }
    }

    /**
     * Something the user records beside the steps; the fold passes it over.
     *
     * @param type what kind of thing, 1 to 255 characters
     * @param payload its content, or null
     * @param at when
     */
    record Custom(String type, @Nullable Payload payload, Instant at) implements JournalEvent {
        /**
         * Checks the type and cuts the time to microseconds.
         *
         * @param type 1 to 255 characters without control characters
         * @param payload its content, or null; the store limits its size
         * @param at when, in the years 1583 to 9999
         * @throws IllegalArgumentException naming the field that is not of that form
         */
        public Custom {
            Check.name("type", type, Check.NAME_CHARS);
            at = Check.instant("at", at);
        }
    }
}
