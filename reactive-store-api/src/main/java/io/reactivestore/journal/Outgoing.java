package io.reactivestore.journal;

import io.reactivestore.catalog.TraceTags;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.internal.Check;
import io.reactivestore.webhooks.Delivery;
import java.time.Instant;

/**
 * Something that leaves a trace together with entries of its journal: in the same commit, so neither is there without the other.
 *
 * <pre>{@code
 * Instant now = Instant.now();
 * Completion fault = Completion.of(CompletionState.FAULT, now);
 * DeadLetter letter = DeadLetter.pending("order-42", "order-42", "order", "1", DeadLetterCause.FAULT, now);
 * Mono<Long> end = store.require(Capability.JOURNAL).appendAfter(
 *         "order-42",
 *         Long.MAX_VALUE,
 *         List.of(new JournalEvent.Completed(fault)),
 *         List.of(new Outgoing.ToDeadLetters(letter)));
 * }</pre>
 */
public sealed interface Outgoing {

    /**
     * Gives the trace.
     *
     * @return the trace it leaves
     */
    String traceId();

    /**
     * A dead letter about the trace. If the trace has one already, that is replaced, whatever its state.
     *
     * @param letter the letter
     */
    record ToDeadLetters(DeadLetter letter) implements Outgoing {
        /**
         * Checks that the letter is about the trace.
         *
         * @param letter a new letter whose id is that of the trace
         * @throws IllegalArgumentException if its id is another, or it is null
         */
        public ToDeadLetters {
            Check.present("letter", letter);
            if (!letter.id().equals(letter.traceId())) {
                throw new IllegalArgumentException("the id of a letter that leaves a trace must be that of the trace");
            }
        }

        @Override
        public String traceId() {
            return letter.traceId();
        }
    }

    /**
     * What a dead letter about the trace tells of is over. If the trace has a letter that is pending, it is resolved; else nothing
     * happens.
     *
     * @param traceId the trace
     * @param reason why, for people; cut at 8,000 characters
     * @param at when, cut to microseconds
     */
    record Settled(String traceId, String reason, Instant at) implements Outgoing {
        /**
         * Checks the fields.
         *
         * @param traceId 1 to 255 characters without control characters
         * @param reason 1 character at least that is not blank
         * @param at in the years 1583 to 9999
         * @throws IllegalArgumentException naming the field that is not of that form
         */
        public Settled {
            Check.traceId(traceId);
            reason = Check.reason(reason);
            at = Check.instant("at", at);
        }
    }

    /**
     * Something that an endpoint is to be told. If there is a delivery of the same id already, that stays as it is.
     *
     * @param delivery the delivery
     */
    record ToWebhook(Delivery delivery) implements Outgoing {
        /**
         * Checks that the delivery is there.
         *
         * @param delivery a new delivery
         * @throws IllegalArgumentException if it is null
         */
        public ToWebhook {
            Check.present("delivery", delivery);
        }

        @Override
        public String traceId() {
            return delivery.traceId();
        }
    }

    /**
     * What describes a trace from its first entry on. It goes with the entries that create the trace, and with no others; from there
     * on {@link io.reactivestore.catalog.Catalog#update} changes it.
     *
     * @param traceId the trace
     * @param tags its tags
     */
    record ToCatalog(String traceId, TraceTags tags) implements Outgoing {
        /**
         * Checks that both are there.
         *
         * @param traceId 1 to 255 characters without control characters
         * @param tags its tags
         * @throws IllegalArgumentException if one is not of that form
         */
        public ToCatalog {
            Check.traceId(traceId);
            Check.present("tags", tags);
        }
    }
}
