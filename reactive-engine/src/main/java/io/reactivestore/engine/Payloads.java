package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The way of payloads from the codec into the store and back: through the transforms, and what is large then becomes a fact, of
 * which the journal holds the reference. The notes an engine makes for itself are left as they are.
 */
final class Payloads {

    /** What none of them is: every payload stands in the journal as the codec wrote it. */
    static final int NO_THRESHOLD = Integer.MAX_VALUE;

    private final List<PayloadTransform> transforms;
    private final @Nullable Facts facts;
    private final int factThreshold;

    Payloads(List<PayloadTransform> transforms, @Nullable Facts facts, int factThreshold) {
        this.transforms = List.copyOf(transforms);
        this.facts = facts;
        this.factThreshold = factThreshold;
    }

    /** Whether what is written stays as it is. */
    boolean writesPlain() {
        return transforms.isEmpty() && factThreshold == NO_THRESHOLD;
    }

    /** Whether what is on record can be given to the codec as it is. */
    boolean isPlain(@Nullable Payload payload) {
        return payload == null || (transforms.isEmpty() && !payload.mediaType().equals(FactReference.MEDIA_TYPE));
    }

    /** What is appended instead of these events; facts are durable then. */
    Mono<List<JournalEvent>> stored(String traceId, List<JournalEvent> events) {
        return Flux.fromIterable(events)
                .concatMap(event -> stored(traceId, event))
                .collectList();
    }

    private Mono<JournalEvent> stored(String traceId, JournalEvent event) {
        return changed(event, payload -> stored(traceId, payload));
    }

    /** What is recorded instead of an event in a transaction, beside which nothing else is written. */
    Mono<JournalEvent> transformed(JournalEvent event) {
        return changed(event, this::transformed);
    }

    Mono<Payload> stored(String traceId, Payload payload) {
        Facts kept = facts;
        return transformed(payload)
                .flatMap(written -> kept == null || written.size() < factThreshold
                        ? Mono.just(written)
                        : kept.put(traceId, written).map(FactReference::toPayload));
    }

    private Mono<Payload> transformed(Payload payload) {
        Mono<Payload> written = Mono.just(payload);
        for (PayloadTransform transform : transforms) {
            written = written.flatMap(transform::write);
        }
        return transforms.isEmpty() ? written : written.switchIfEmpty(nothing());
    }

    /** What leaves a trace is transformed as well, and read by the dispatcher's transforms. A fact could be gone with its trace. */
    Mono<List<Outgoing>> leaving(List<Outgoing> outgoing) {
        return Flux.fromIterable(outgoing)
                .concatMap(each -> each instanceof Outgoing.ToWebhook told
                        ? transformed(told.delivery().body())
                                .<Outgoing>map(body ->
                                        new Outgoing.ToWebhook(told.delivery().withBody(body)))
                        : Mono.just(each))
                .collectList();
    }

    /** What the codec wrote. */
    Mono<Payload> restored(String traceId, Payload payload) {
        if (isPlain(payload)) {
            return Mono.just(payload);
        }
        Mono<Payload> read = content(traceId, payload);
        for (int i = transforms.size() - 1; i >= 0; i--) {
            read = read.flatMap(transforms.get(i)::read);
        }
        return read.switchIfEmpty(nothing());
    }

    private static Mono<Payload> nothing() {
        return Mono.error(() -> new PayloadTransformException(
                "A transform of the engine emitted nothing. It must emit a payload, if only the one it was given."));
    }

    private Mono<Payload> content(String traceId, Payload payload) {
        return Mono.defer(() -> {
            FactReference reference = FactReference.of(payload);
            if (reference == null) {
                return Mono.just(payload);
            }
            Facts kept = facts;
            return kept == null
                    ? Mono.error(new StoreFailedException(
                            traceId, "The trace refers to facts, and the store has no facet FACTS.", null))
                    : kept.get(traceId, reference);
        });
    }

    /** An entry with what the codec wrote. */
    Mono<JournalEntry> restored(JournalEntry entry) {
        if (isPlain(entry.event().payload())) {
            return Mono.just(entry);
        }
        return changed(entry.event(), payload -> restored(entry.traceId(), payload))
                .map(event -> new JournalEntry(entry.traceId(), entry.position(), entry.writer(), event));
    }

    private static Mono<JournalEvent> changed(JournalEvent event, Function<Payload, Mono<Payload>> change) {
        Payload payload = event.payload();
        if (payload == null) {
            return Mono.just(event);
        }
        if (event instanceof JournalEvent.StepRecorded step) {
            PersistenceEnvelope envelope = step.envelope();
            return envelope.outcome() == Outcome.STARTED
                    ? Mono.just(event)
                    : change.apply(payload).map(other -> new JournalEvent.StepRecorded(envelope.withPayload(other)));
        } else if (event instanceof JournalEvent.Completed end) {
            return change.apply(payload)
                    .map(other -> new JournalEvent.Completed(end.completion().withResult(other)));
        } else if (event instanceof JournalEvent.Intervened decided) {
            return change.apply(payload)
                    .map(other ->
                            new JournalEvent.Intervened(decided.intervention().withPayload(other)));
        }
        return Mono.just(event);
    }

    /** A trace as an engine needs it at once: input, decisions and end are restored, results when they are asked for. */
    Mono<PersistedTrace> opened(PersistedTrace trace) {
        return restored(trace, envelope -> envelope.step() == 0 && !Shape.isGraph(envelope));
    }

    /** A trace with all that the codec wrote. */
    Mono<PersistedTrace> whole(PersistedTrace trace) {
        return restored(trace, envelope -> true);
    }

    private Mono<PersistedTrace> restored(PersistedTrace trace, Predicate<PersistenceEnvelope> wanted) {
        String traceId = trace.head().traceId();
        List<Mono<Void>> changes = new ArrayList<>(0);
        List<PersistenceEnvelope> envelopes = new ArrayList<>(trace.envelopes());
        List<InterventionRecord> decisions = new ArrayList<>(trace.interventions());
        List<Completion> end = new ArrayList<>(1);
        for (int i = 0; i < envelopes.size(); i++) {
            PersistenceEnvelope envelope = envelopes.get(i);
            Payload payload = envelope.payload();
            if (payload != null && !isPlain(payload) && wanted.test(envelope)) {
                int place = i;
                changes.add(restored(traceId, payload)
                        .doOnNext(plain -> envelopes.set(place, envelope.withPayload(plain)))
                        .then());
            }
        }
        for (int i = 0; i < decisions.size(); i++) {
            InterventionRecord record = decisions.get(i);
            Payload payload = record.intervention().payloadOverride();
            if (payload != null && !isPlain(payload) && counts(record)) {
                int place = i;
                changes.add(restored(traceId, payload)
                        .doOnNext(plain -> decisions.set(place, withPayload(record, plain)))
                        .then());
            }
        }
        Completion completion = trace.completion();
        Payload result = completion == null ? null : completion.result();
        if (completion != null && result != null && !isPlain(result)) {
            changes.add(restored(traceId, result)
                    .doOnNext(plain -> end.add(completion.withResult(plain)))
                    .then());
        }
        return changes.isEmpty()
                ? Mono.just(trace)
                : Flux.concat(changes)
                        .then(Mono.fromSupplier(
                                () -> with(trace, envelopes, decisions, end.isEmpty() ? completion : end.get(0))));
    }

    /** An applied decision counts for no more than its result, unless it gave a new input. */
    private static boolean counts(InterventionRecord record) {
        return record.isPending() || record.intervention().action() == InterventionAction.RERUN;
    }

    private static InterventionRecord withPayload(InterventionRecord record, Payload payload) {
        Intervention decision = record.intervention().withPayload(payload);
        return new InterventionRecord(decision, record.position(), record.appliedPosition(), record.appliedByStep());
    }

    private static PersistedTrace with(
            PersistedTrace trace,
            List<PersistenceEnvelope> envelopes,
            List<InterventionRecord> decisions,
            @Nullable Completion completion) {
        return new PersistedTrace(
                trace.head(),
                envelopes,
                decisions,
                trace.resumedFromStep(),
                trace.resumptionCount(),
                trace.lastResumedAt(),
                completion,
                trace.position(),
                trace.claimsSinceProgress());
    }
}
