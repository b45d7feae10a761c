package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineBuilder;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.onboarding.Onboarding.Employee;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A store and the workflow, for the time of one command, and an engine once one is needed. The edge at which the main thread blocks. */
final class Session implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Whoever has the H2 file open may be about to close it. */
    private static final Retry WHILE_LOCKED = Retry.fixedDelay(25, Duration.ofMillis(200))
            .filter(Trouble::isLocked)
            .onRetryExhaustedThrow((retry, signal) -> signal.failure());

    private final ReactiveStore store;
    private final Workflow<Employee, Receipt> workflow;
    private @Nullable DurableEngine engine;

    private Session(ReactiveStore store, @Nullable Path ledger) {
        this.store = store;
        this.workflow = Onboarding.workflow(new Office(ledger, Clock.systemUTC()));
    }

    static Session open(String url, @Nullable Path ledger) {
        return Mono.defer(() -> migrated(url))
                .retryWhen(WHILE_LOCKED)
                .map(store -> new Session(store, ledger))
                .blockOptional()
                .orElseThrow();
    }

    private static Mono<ReactiveStore> migrated(String url) {
        R2dbcStore store = R2dbcStore.create(url);
        return store.migrate()
                .onErrorResume(error -> store.close().onErrorComplete().then(Mono.error(error)))
                .thenReturn(store);
    }

    ReactiveStore store() {
        return store;
    }

    Workflow<Employee, Receipt> workflow() {
        return workflow;
    }

    /** An engine that runs traces, and notices soon if another one has died. */
    DurableEngine engine(Progress progress) {
        return begin(DurableEngine.builder(store).register(workflow).listener(progress));
    }

    /** An engine that knows no workflow and so runs nothing: to ask and to decide. */
    DurableEngine desk() {
        return begin(DurableEngine.builder(store));
    }

    private DurableEngine begin(EngineBuilder parts) {
        DurableEngine begun = parts.name("demo-" + ProcessHandle.current().pid())
                .heartbeat(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(250))
                .suspendAfter(Duration.ofMillis(250))
                .build();
        engine = begun;
        return begun;
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

    @Override
    public void close() {
        Mono<Void> stopped = engine == null ? Mono.empty() : engine.close();
        stopped.then(store.close()).block(PATIENCE);
    }
}
