package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.engine.ReplayReport.Difference;
import io.reactivestore.engine.ReplayReport.Kind;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.memory.InMemoryStore;
import io.reactivestore.transactions.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A run that tells the code what is on record, as any run does, and begins nothing that is not. */
final class ReplayRun extends Run {

    private final Workflow<?, ?> workflow;
    private final ReplayRecord recorded;
    private final Sinks.One<ReplayReport> report = Sinks.one();
    private final Set<LiveStep<?>> silent = ConcurrentHashMap.newKeySet();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Difference> differences = new ConcurrentLinkedQueue<>();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile @Nullable Signal<?> ending;
    private volatile @Nullable Throwable mistake;
    private volatile boolean goesOn;

    private ReplayRun(Workflow<?, ?> workflow, PersistedTrace trace, EngineConfig config, Runs runs) {
        super(trace.head().traceId(), config, runs);
        this.workflow = workflow;
        this.recorded = new ReplayRecord(trace);
    }

    static Mono<ReplayReport> of(Workflow<?, ?> workflow, PersistedTrace trace, PayloadCodec codec, Duration patience) {
        return Mono.defer(() -> {
            EngineConfig config =
                    DurableEngine.builder(InMemoryStore.create()).codec(codec).config();
            WorkflowRegistry none = new WorkflowRegistry();
            Opener opener = new Opener(config, none, new Migrator(config, none));
            ReplayRun run = new ReplayRun(workflow, trace, config, new Runs(config, opener, new Results()));
            return run.replay(Opening.of(run.watched(), run.recorded.trace(), true))
                    .timeout(patience, Mono.fromSupplier(run::report))
                    .doFinally(signal -> run.end(new RunEnd.NotHere()));
        });
    }

    /** The code, whose end is not the end of the trace, and which has no time limit. */
    private Workflow<Object, Object> watched() {
        return new Workflow<>(
                workflow.traits().withoutDeadline(),
                workflow.inputType(),
                workflow.outputType(),
                (ctx, input) -> Mono.defer(() -> workflow.invoke(ctx, input))
                        .materialize()
                        .doOnNext(signal -> {
                            ending = signal;
                            reportIfIdle();
                        })
                        .then(Mono.never()));
    }

    private Mono<ReplayReport> replay(Opening opening) {
        busy.incrementAndGet();
        start(opening, Context.empty());
        busy.decrementAndGet();
        reportIfIdle();
        return report.asMono();
    }

    @Override
    void asked(String key) {
        recorded.asked(key);
        asked.add(key);
    }

    @Override
    void tellRecorded(PersistenceEnvelope envelope, boolean replayed) {
        String before = recorded.told(envelope);
        if (before != null) {
            String detail = "on record before '" + before + "', asked for after it";
            differences.add(new Difference(Kind.OTHER_ORDER, envelope.nodeId(), detail));
        }
    }

    @Override
    boolean enter(LiveStep<?> step) {
        if (silent.stream().anyMatch(other -> other.name().equals(step.name()))) {
            halt(new DuplicateStepException(traceId(), step.name()));
        } else {
            silent.add(step);
            step.whenCancelled(() -> silent.remove(step));
            reportIfIdle();
        }
        return false;
    }

    @Override
    void halt(Throwable why) {
        mistake = why;
        reportIfIdle();
    }

    @Override
    void goOnWith(Payload carried) {
        goesOn = true;
        reportIfIdle();
    }

    /** Code that hops threads is heard from later; what it does by then ends the replay. */
    private void reportIfIdle() {
        if (busy.get() == 0 && (mistake != null || ending != null || goesOn || !silent.isEmpty())) {
            report.tryEmitValue(report());
        }
    }

    private ReplayReport report() {
        List<String> keys = silent.stream().map(LiveStep::key).sorted().toList();
        ReplayFindings findings = new ReplayFindings(recorded, keys, differences);
        Throwable stopped = mistake;
        Signal<?> end = ending;
        if (stopped != null) {
            findings.stopped(stopped);
        } else if (end == null) {
            findings.silent();
        } else {
            findings.ended(end.getThrowable(), end.isOnError() ? null : encoded(end.get()));
        }
        return new ReplayReport(traceId(), workflow.toString(), List.copyOf(asked), findings.all());
    }

    private @Nullable Payload encoded(@Nullable Object result) {
        try {
            return encode("the end", result, workflow.outputType());
        } catch (PayloadCodecException misfit) {
            return null;
        }
    }

    @Override
    <C> Transactions<C> transactions(Class<C> connection) {
        return new NoTransactions<>(connection);
    }

    /** What a function that is never called is made with. */
    private record NoTransactions<C>(Class<C> connectionType) implements Transactions<C> {

        @Override
        public Mono<Long> append(C connection, String traceId, long seen, List<JournalEvent> events) {
            return Mono.never();
        }

        @Override
        public <T> Mono<T> inTransaction(Function<? super C, ? extends Mono<T>> work) {
            return Mono.never();
        }
    }
}
