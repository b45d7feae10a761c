package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.PersistedTrace;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The nodes of a run that wait for a decision. Reads the trace at an interval, and at once when asked to; one read at a time, and
 * none while nobody waits.
 */
final class WaitingRoom {

    private record Wait(Type type, MonoSink<Intervention> sink, AtomicBoolean announced) {}

    private final Run run;
    private final EngineConfig config;
    private final Map<String, Wait> waits = new ConcurrentHashMap<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicBoolean polling = new AtomicBoolean();
    private final Disposable.Composite timers = Disposables.composite();

    WaitingRoom(Run run, EngineConfig config) {
        this.run = run;
        this.config = config;
    }

    /** Emits the first pending decision of a node, once there is one. */
    Mono<Intervention> decision(String node, Type type) {
        return Mono.create(sink -> {
            Wait wait = new Wait(type, sink, new AtomicBoolean());
            sink.onDispose(() -> waits.remove(node, wait));
            waits.put(node, wait);
            poll();
            look();
        });
    }

    /**
     * Refuses a decision that a live wait could not take in.
     *
     * @throws InterventionRefusedException if it could not
     */
    void check(Intervention decision) {
        Wait wait = waits.get(decision.targetNode());
        if (wait == null) {
            return;
        }
        if (decision.action() == InterventionAction.RERUN) {
            throw InterventionRefusedException.rerun(run.traceId(), decision);
        }
        if (decision.action() == InterventionAction.SUPPLY) {
            try {
                run.decode(decision.targetNode(), DecisionSource.payloadOf(decision), wait.type);
            } catch (PayloadCodecException misfit) {
                throw InterventionRefusedException.misfit(run.traceId(), decision, misfit);
            }
        }
    }

    /** Reads the trace as soon as no other read is under way. */
    void look() {
        if (looks.getAndIncrement() == 0) {
            lookOnce();
        }
    }

    void close() {
        timers.dispose();
        waits.clear();
    }

    private void poll() {
        if (polling.compareAndSet(false, true)) {
            long millis = config.pollInterval().toMillis();
            timers.add(config.scheduler().schedulePeriodically(this::look, millis, millis, TimeUnit.MILLISECONDS));
        }
    }

    /** One edge of the engine: subscribes. A look asked for while one is under way is made behind it. */
    private void lookOnce() {
        int seen = looks.get();
        Mono<PersistedTrace> read =
                waits.isEmpty() ? Mono.empty() : Mono.defer(() -> config.store().load(run.traceId()));
        read.contextWrite(run.context()).subscribe(this::deliver, run::halt, () -> {
            if (looks.addAndGet(-seen) != 0) {
                lookOnce();
            }
        });
    }

    private void deliver(PersistedTrace trace) {
        if (trace.completion() != null) {
            run.endAsRecorded(trace.completion());
        } else if (trace.resumptionCount() == run.resumptions()) {
            waits.forEach((node, wait) -> deliver(node, wait, pending(trace, node)));
        }
        // otherwise another engine has taken the trace over: it takes the decision in, this one hears of the end
    }

    private void deliver(String node, Wait wait, @Nullable Intervention decision) {
        if (decision != null) {
            if (waits.remove(node, wait)) {
                wait.sink.success(decision);
            }
        } else if (config.isListenedTo() && wait.announced.compareAndSet(false, true)) {
            config.tell(new EngineEvent.Waiting(run.traceId(), node));
        }
    }

    private static @Nullable Intervention pending(PersistedTrace trace, String node) {
        Optional<Intervention> first = trace.pendingInterventions().stream()
                .filter(decision -> decision.targetNode().equals(node))
                .findFirst();
        return first.orElse(null);
    }
}
