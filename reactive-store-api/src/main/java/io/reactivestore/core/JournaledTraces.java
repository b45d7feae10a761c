package io.reactivestore.core;

import static io.reactivestore.core.Command.ANYWHERE;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** {@link PersistenceStore} in terms of commands and folds. */
final class JournaledTraces implements PersistenceStore {

    static final Retry WHEN_OVERTAKEN = Retry.indefinitely().filter(PositionConflictException.class::isInstance);

    private final TraceReader reader;
    private final GroupCommit commits;
    private final StoreConfig config;

    JournaledTraces(TraceReader reader, GroupCommit commits, StoreConfig config) {
        this.reader = reader;
        this.commits = commits;
        this.config = config;
    }

    @Override
    public Mono<Long> append(PersistenceEnvelope envelope) {
        Check.present("envelope", envelope);
        return submit(envelope.traceId(), new StepRecorded(envelope));
    }

    @Override
    public Mono<PersistedTrace> load(String traceId) {
        return reader.fold(Check.traceId(traceId)).map(TraceFold::toTrace);
    }

    @Override
    public Mono<ResumeCursor> resume(String traceId, long fromStep) {
        Check.traceId(traceId);
        Check.atLeast("fromStep", fromStep, -1);
        return reader.fold(traceId)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .flatMap(fold -> resume(fold, fromStep))
                .retryWhen(WHEN_OVERTAKEN);
    }

    @Override
    public Mono<Void> complete(String traceId, Completion completion) {
        return submit(Check.traceId(traceId), new Completed(completion)).then();
    }

    @Override
    public Mono<Void> saveIntervention(String traceId, Intervention intervention) {
        return submit(Check.traceId(traceId), new Intervened(intervention)).then();
    }

    private Mono<Long> submit(String traceId, JournalEvent event) {
        PayloadLimit.check(event, config);
        List<JournalEvent> events = List.of(event);
        return commits.submit(() -> new Command(traceId, ANYWHERE, events, null));
    }

    /** The cursor is of what was read, so the entry must stand right behind it. */
    private Mono<ResumeCursor> resume(TraceFold fold, long wanted) {
        PersistedTrace trace = fold.toTrace();
        // of the very fold that the entry is appended to: nothing that is recorded meanwhile is void
        long fromStep = wanted == NEWEST ? fold.highestStep() : wanted;
        List<JournalEvent> events = List.of(new Resumed(fromStep, config.clock().instant()));
        return commits.submit(() -> new Command(fold.traceId(), fold.position(), events, fold.toTail()))
                .map(position -> cursor(trace, fromStep, position));
    }

    private static ResumeCursor cursor(PersistedTrace trace, long fromStep, long position) {
        return new ResumeCursor(
                trace.head().traceId(),
                fromStep + 1,
                position,
                anchor(trace, fromStep),
                version(trace, fromStep),
                trace.resumptionCount() + 1,
                trace.pendingInterventions());
    }

    private static @Nullable Payload anchor(PersistedTrace trace, long fromStep) {
        return latest(
                        trace,
                        step -> step.step() <= fromStep && step.outcome() == Outcome.SUCCESS && step.payload() != null)
                .map(PersistenceEnvelope::payload)
                .orElse(null);
    }

    private static String version(PersistedTrace trace, long fromStep) {
        return latest(trace, step -> step.step() <= fromStep)
                .map(PersistenceEnvelope::version)
                .orElse(trace.head().version());
    }

    /** Of the envelopes of the highest step the one that stands last in the journal. */
    private static Optional<PersistenceEnvelope> latest(PersistedTrace trace, Predicate<PersistenceEnvelope> wanted) {
        return trace.envelopes().stream()
                .filter(wanted)
                .reduce((earlier, later) -> later.step() >= earlier.step() ? later : earlier);
    }
}
