package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.claims.Claims;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Brings traces to this engine: those whose time has come, those about which somebody has decided, those whose engine is silent.
 * Says at an interval that this engine lives, looks at an interval for what is due, and looks at once when it hears a hint.
 */
final class Dispatcher {

    private static final int BATCH = 100;
    private static final int AT_ONCE = 16;

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Migrator migrator;
    private final Opener opener;
    private final Runs runs;
    private final Results results;
    private final Disposable.Composite timers = Disposables.composite();
    private final Disposable.Swap nextPoll = Disposables.swap();
    private final AtomicInteger polls = new AtomicInteger();
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private volatile boolean known;
    private volatile boolean stopped;

    Dispatcher(
            EngineConfig config,
            WorkflowRegistry workflows,
            Migrator migrator,
            Opener opener,
            Runs runs,
            Results results) {
        this.config = config;
        this.workflows = workflows;
        this.migrator = migrator;
        this.opener = opener;
        this.runs = runs;
        this.results = results;
    }

    /** Completes once this engine is known to live: no trace may be its before, since nobody would take it over. */
    Mono<Void> ready() {
        return Mono.defer(() -> known ? Mono.empty() : beat());
    }

    /**
     * One edge of the engine: subscribes.
     *
     * @param abandoned finishes replays of dead letters that others left in the middle
     */
    void start(Mono<Void> abandoned) {
        long beat = Math.max(1, config.heartbeat().toMillis() / 3);
        timers.add(config.scheduler()
                .schedulePeriodically(
                        () -> beat().subscribe(nothing -> {}, this::trouble), beat, beat, TimeUnit.MILLISECONDS));
        timers.add(config.claims().hints().publishOn(config.scheduler()).subscribe(this::hinted, this::trouble));
        timers.add(nextPoll);
        if (config.deadLetters() != null) {
            long period = Math.max(1, config.heartbeat().toMillis());
            timers.add(config.scheduler()
                    .schedulePeriodically(
                            () -> abandoned.subscribe(nothing -> {}, this::trouble),
                            period,
                            period,
                            TimeUnit.MILLISECONDS));
        }
        ready().subscribe(nothing -> {}, this::trouble, this::pollSoon);
    }

    private Mono<Void> beat() {
        Instant now = config.now();
        return config.claims()
                .beat(config.name(), now.plus(config.heartbeat()), now)
                .doOnSuccess(nothing -> known = true);
    }

    private void hinted(String traceId) {
        Run run = runs.find(traceId);
        if (run != null) {
            run.look();
        } else {
            pollSoon();
        }
    }

    /** Looks for what is due at once, or once more when the look under way is over. */
    void pollSoon() {
        if (!stopped && polls.getAndIncrement() == 0) {
            poll();
        }
    }

    private void poll() {
        int seen = polls.get();
        Mono.fromRunnable(runs::takeUpStalled)
                .then(Mono.defer(this::takeDue))
                .doOnNext(taken -> {
                    if (taken == BATCH) {
                        polls.incrementAndGet();
                    }
                })
                .then(Mono.defer(this::lookAround))
                .subscribe(nothing -> {}, error -> polled(seen, error), () -> polled(seen, null));
    }

    private void polled(int seen, @Nullable Throwable error) {
        if (error != null) {
            trouble(error);
        }
        boolean again = polls.addAndGet(-seen) != 0;
        if (stopped) {
            return;
        }
        if (again && error == null) {
            // not from here: with a backend that answers at once, a long queue would be a deep stack
            config.at(config.now(), this::poll);
        } else {
            if (again) {
                polls.set(0);
            }
            // engines that were started together are not to ask together
            Duration wait = config.pollInterval();
            long jitter = (long) (wait.toNanos() * 0.2 * config.random().getAsDouble());
            nextPoll.update(config.at(config.now().plus(wait).minusNanos(jitter), this::pollSoon));
        }
    }

    private void trouble(Throwable error) {
        if (config.isListenedTo() && !stopped) {
            config.tell(new EngineEvent.Trouble("", error));
        }
    }

    /** Emits how many traces were handed out. */
    private Mono<Integer> takeDue() {
        int free = Math.min(runs.free(), BATCH);
        if (free <= 0 || stopped) {
            return Mono.just(0);
        }
        Instant now = config.now();
        return config.claims()
                .due(workflows.names(), now, now.plus(config.heartbeat()), free)
                .flatMap(head -> take(head).thenReturn(1).defaultIfEmpty(1), AT_ONCE)
                .reduce(0, Integer::sum);
    }

    private Mono<Void> take(TraceHead head) {
        // one that is not taken may be by another engine; the reservation runs out
        return migrator.canTake(head)
                .filter(can -> can && !stopped && runs.tryTakePermit())
                .flatMap(can -> claim(head))
                .onErrorResume(error -> {
                    trouble(error);
                    return Mono.empty();
                });
    }

    private Mono<Void> claim(TraceHead head) {
        return config.claims()
                .claim(head, config.name())
                .flatMap(config.payloads()::opened)
                .flatMap(trace -> trace.claimsSinceProgress() > config.maxRecoveries() ? bury(trace) : Mono.just(trace))
                .doOnNext(trace -> launch(head, trace))
                .switchIfEmpty(Mono.fromRunnable(runs::giveBackPermit))
                .doOnError(error -> runs.giveBackPermit())
                .then();
    }

    private void launch(TraceHead head, PersistedTrace trace) {
        if (config.isListenedTo() && head.status() == TraceStatus.RUNNING) {
            config.tell(new EngineEvent.Recovered(head.traceId(), trace.claimsSinceProgress()));
        }
        runs.launch(head.traceId(), opener.ready(trace, opener::registered));
    }

    /**
     * A trace that was taken over again and again without getting any further waits for a person from here on. Empty, unless
     * somebody has decided meanwhile: it goes on with that.
     */
    private Mono<PersistedTrace> bury(PersistedTrace trace) {
        String traceId = trace.head().traceId();
        Instant now = config.now();
        Payload why = Payload.json("{\"recoveries\":" + trace.claimsSinceProgress() + "}");
        List<JournalEvent> events = List.of(
                new JournalEvent.Custom(EngineEvent.DeadLettered.RECORD, why, now),
                new JournalEvent.Suspended(null, now));
        List<Outgoing> letter =
                new Departures(config).aside(trace.head(), opener.registered(trace), trace.claimsSinceProgress(), now);
        return config.journal()
                .appendAfter(traceId, trace.position(), events, letter)
                .doOnNext(position -> config.tell(new EngineEvent.DeadLettered(traceId, trace.claimsSinceProgress())))
                .then(Mono.<PersistedTrace>empty())
                .onErrorResume(
                        PositionConflictException.class,
                        decided -> config.traces().load(traceId));
    }

    /** Looks whether others wrote to what is live here, or ended what somebody here listens to. */
    private Mono<Void> lookAround() {
        List<String> traces = new ArrayList<>();
        for (Run run : runs.all()) {
            if (run.isQuiet()) {
                traces.add(run.traceId());
            }
        }
        positions.keySet().retainAll(results.traces());
        for (String traceId : results.traces()) {
            if (runs.find(traceId) == null) {
                traces.add(traceId);
            }
        }
        return Flux.fromIterable(traces)
                .buffer(Claims.MAX_LIMIT)
                .concatMap(ids -> config.claims().positions(ids))
                .concatMap(found -> Flux.fromIterable(found.entrySet()))
                .concatMap(found -> look(found.getKey(), found.getValue()))
                .then();
    }

    private Mono<Void> look(String traceId, long position) {
        Run run = runs.find(traceId);
        if (run != null) {
            run.lookBehind(position);
            return Mono.empty();
        }
        Long before = positions.get(traceId);
        if (before != null && before == position) {
            return Mono.empty();
        }
        return config.catalog()
                .find(traceId)
                .filter(head -> head.status() != TraceStatus.RUNNING && head.status() != TraceStatus.WAITING)
                .flatMap(head -> runs.lookForEnd(traceId))
                .doOnSuccess(nothing -> positions.put(traceId, position));
    }

    void stop() {
        stopped = true;
        timers.dispose();
    }
}
