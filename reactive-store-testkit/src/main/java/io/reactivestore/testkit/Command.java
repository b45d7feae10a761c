package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.json;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One call of a random history, in small numbers: they print well, they collide often, and nothing in them depends on what came
 * before, so that a history stays a history when commands are dropped from it.
 */
sealed interface Command {

    /** Which process calls. */
    int store();

    /** Which trace it is about. */
    int trace();

    /** Calls the real store. */
    Mono<?> call(ReactiveStore store, String traceId, long position);

    /** Asks the model; throws what the store must signal. */
    @Nullable
    Object ask(ReferenceModel model, long writer, String traceId);

    /** A step of a list or of an append of its own. */
    record Step(int step, int node, int attempt, Outcome outcome, int payload, int workflow, int version) {
        PersistenceEnvelope envelope(String traceId) {
            return new PersistenceEnvelope(
                    traceId,
                    "workflow-" + workflow,
                    "v" + version,
                    step,
                    "node-" + node,
                    attempt,
                    outcome,
                    AT.plusSeconds(step * 10L + attempt),
                    payloadOf(payload),
                    payload % 2 == 0 ? null : "key-" + payload,
                    outcome == Outcome.FAULT ? new Failure("failure", "why " + step, null) : null);
        }
    }

    /** Payload 0 is none, so that none meets some. */
    private static @Nullable Payload payloadOf(int payload) {
        return payload == 0 ? null : json("payload " + payload);
    }

    /** A wait. */
    record Rest(@Nullable Integer wakesAfter) {
        JournalEvent event() {
            Instant wakeAt = wakesAfter == null ? null : AT.plusSeconds(wakesAfter);
            return new JournalEvent.Suspended(wakeAt, AT.plusSeconds(50));
        }
    }

    record Append(int store, int trace, Step step) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.traces().append(step.envelope(traceId));
        }

        @Override
        public Object ask(ReferenceModel model, long writer, String traceId) {
            return model.append(writer, step.envelope(traceId));
        }
    }

    /**
     * A list; {@code off} is how far the caller is mistaken about the end, null if he does not care; {@code ending} whether it
     * ends the trace, {@code rest} whether it lets it wait.
     */
    record AppendList(
            int store,
            int trace,
            @Nullable Integer off,
            List<Step> steps,
            int notes,
            @Nullable CompletionState ending,
            @Nullable Rest rest)
            implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            Journal journal = store.require(Capability.JOURNAL);
            return off == null
                    ? journal.append(traceId, events(traceId, position))
                    : journal.append(traceId, Math.max(0, position + off), events(traceId, position));
        }

        @Override
        public Object ask(ReferenceModel model, long writer, String traceId) {
            long position = model.position(traceId);
            return off == null
                    ? model.append(writer, traceId, events(traceId, position))
                    : model.append(writer, traceId, Math.max(0, position + off), events(traceId, position));
        }

        private List<JournalEvent> events(String traceId, long position) {
            List<JournalEvent> events = new ArrayList<>();
            steps.forEach(step -> events.add(new JournalEvent.StepRecorded(step.envelope(traceId))));
            for (int i = 0; i < notes; i++) {
                events.add(i % events.size() == 0 ? 0 : events.size(), Samples.note("note " + i));
            }
            if (ending != null) {
                events.add(new JournalEvent.Completed(Completion.of(ending, AT)));
            } else if (rest != null) {
                events.add(rest.event());
            }
            return events;
        }
    }

    record Claim(int store, int trace, int off) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.require(Capability.JOURNAL)
                    .append(traceId, Math.max(0, position + off), List.of(Samples.claim("owner")));
        }

        @Override
        public Object ask(ReferenceModel model, long writer, String traceId) {
            return model.append(
                    writer, traceId, Math.max(0, model.position(traceId) + off), List.of(Samples.claim("owner")));
        }
    }

    record Resume(int store, int trace, int fromStep) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.traces().resume(traceId, fromStep);
        }

        @Override
        public Object ask(ReferenceModel model, long writer, String traceId) {
            return model.resume(writer, traceId, fromStep);
        }
    }

    record Complete(int store, int trace, CompletionState state, int result) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.traces().complete(traceId, completion());
        }

        @Override
        public @Nullable Object ask(ReferenceModel model, long writer, String traceId) {
            model.complete(writer, traceId, completion());
            return null;
        }

        private Completion completion() {
            return Completion.of(state, AT.plusSeconds(100L + result)).withResult(payloadOf(result));
        }
    }

    record Intervene(int store, int trace, int id, int node, InterventionAction action) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.traces().saveIntervention(traceId, intervention());
        }

        @Override
        public @Nullable Object ask(ReferenceModel model, long writer, String traceId) {
            model.saveIntervention(writer, traceId, intervention());
            return null;
        }

        private Intervention intervention() {
            String target = action == InterventionAction.CANCEL ? Intervention.TRACE : "node-" + node;
            return Intervention.of("decision-" + id, target, action, AT).withPayload(payloadOf(id));
        }
    }

    record Load(int store, int trace) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.traces().load(traceId);
        }

        @Override
        public @Nullable Object ask(ReferenceModel model, long writer, String traceId) {
            return model.load(traceId).orElse(null);
        }
    }

    record Read(int store, int trace, int after) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.require(Capability.JOURNAL).read(traceId, after).collectList();
        }

        @Override
        public Object ask(ReferenceModel model, long writer, String traceId) {
            return model.read(traceId, after);
        }
    }

    record Find(int store, int trace) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return store.require(Capability.CATALOG).find(traceId);
        }

        @Override
        public @Nullable Object ask(ReferenceModel model, long writer, String traceId) {
            return model.head(traceId).orElse(null);
        }
    }

    /** The process dies, and another one takes its place: the runner does it, no call is made. */
    record Restart(int store, int trace) implements Command {
        @Override
        public Mono<?> call(ReactiveStore store, String traceId, long position) {
            return Mono.empty();
        }

        @Override
        public @Nullable Object ask(ReferenceModel model, long writer, String traceId) {
            return null;
        }
    }
}
