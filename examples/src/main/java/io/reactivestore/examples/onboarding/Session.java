package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.onboarding.Onboarding.Employee;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A store, an engine, and the workflow, for the time of one command. The edge at which the main thread blocks. */
final class Session implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReactiveStore store;
    private final Workflow<Employee, Receipt> workflow;
    private final Progress progress;
    private final DurableEngine engine;

    private Session(ReactiveStore store, @Nullable Path ledger, Progress progress) {
        this.store = store;
        this.workflow = Onboarding.workflow(new Office(ledger, Clock.systemUTC()));
        this.progress = progress;
        this.engine = DurableEngine.builder(store.traces())
                .register(workflow)
                .listener(progress)
                .build();
    }

    static Session open(String url, @Nullable Path ledger, Progress progress) {
        R2dbcStore store = R2dbcStore.create(url);
        try {
            store.migrate().block();
        } catch (RuntimeException e) {
            store.close().onErrorComplete().block(PATIENCE);
            throw e;
        }
        return new Session(store, ledger, progress);
    }

    ReactiveStore store() {
        return store;
    }

    Workflow<Employee, Receipt> workflow() {
        return workflow;
    }

    DurableEngine engine() {
        return engine;
    }

    Progress progress() {
        return progress;
    }

    /** The id given, or that of the newest trace. */
    String idOrNewest(@Nullable String id) {
        if (id != null) {
            return id;
        }
        TraceHead newest = store.require(Capability.CATALOG).recent(1).next().block();
        if (newest == null) {
            throw new DemoException(ExitCode.UNKNOWN_TRACE, "there is no trace yet. Begin with: demo run");
        }
        return newest.traceId();
    }

    /** Follows a run until it ends or waits; gives the receipt, or null if it waits. */
    @Nullable
    Receipt follow(Mono<Receipt> run) {
        Mono<Object> waits = progress.waiting().cast(Object.class);
        return Mono.firstWithSignal(run.cast(Object.class), waits).block() instanceof Receipt receipt ? receipt : null;
    }

    @Override
    public void close() {
        engine.close().then(store.close()).block(PATIENCE);
    }
}
