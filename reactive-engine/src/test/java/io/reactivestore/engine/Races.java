package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Several act on one trace at the same moment, on real threads and a database that takes its time. Whoever wins, the journal says
 * so, the result is what the journal says, and whoever was told that it is saved was heard.
 */
public abstract class Races {

    private static final int AT_ONCE = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final JournalBackend backend;
    private final ReactiveStore outside;
    private final Random random = new Random(11);
    private final List<DurableEngine> engines = new ArrayList<>();

    private final int rounds;

    /**
     * Makes the races of a test, each of which has traces of its own.
     *
     * @param backend an empty database
     * @param rounds how often each race is run
     */
    protected Races(JournalBackend backend, int rounds) {
        this.backend = backend;
        this.rounds = rounds;
        this.outside = JournaledStore.over(new JitteryBackend(backend, 5), StoreConfig.defaults());
    }

    private DurableEngine engine(long seed, Workflow<?, ?> workflow, Consumer<EngineEvent> listener) {
        DurableEngine engine = DurableEngine.builder(
                        JournaledStore.over(new JitteryBackend(backend, seed), StoreConfig.defaults()))
                .name("engine " + seed)
                .register(workflow)
                .pollInterval(Duration.ofMillis(20))
                .suspendAfter(Duration.ofMillis(2))
                .listener(listener)
                .build();
        engines.add(engine);
        return engine;
    }

    private DurableEngine engine(long seed, Workflow<?, ?> workflow) {
        return engine(seed, workflow, event -> {});
    }

    @AfterEach
    void close() {
        Flux.fromIterable(engines).flatMap(DurableEngine::close).blockLast(PATIENCE);
    }

    /** Some rounds at once, so that they disturb each other. */
    private void rounds(Consumer<String> round) {
        Flux.range(0, rounds)
                .flatMap(
                        i -> Mono.fromRunnable(() -> round.accept("t" + i)).subscribeOn(Schedulers.boundedElastic()),
                        AT_ONCE)
                .blockLast(PATIENCE.multipliedBy(6));
    }

    private synchronized Duration aMoment(int micros) {
        return Duration.ofNanos(1_000L * random.nextInt(micros));
    }

    private Mono<String> later(int micros, String value) {
        return Mono.defer(() -> Mono.delay(aMoment(micros)).thenReturn(value));
    }

    private static Intervention decide(String id, String node, InterventionAction action) {
        return Intervention.of(id, node, action, Instant.now());
    }

    private static Intervention supply(String id, String node, String value) {
        return decide(id, node, InterventionAction.SUPPLY).withPayload(Payload.json('"' + value + '"'));
    }

    /** Whether it was saved; if not, because the trace had ended. */
    private Mono<Boolean> saved(String traceId, Intervention decision, int micros) {
        return Mono.delay(aMoment(micros))
                .then(outside.traces().saveIntervention(traceId, decision))
                .thenReturn(true)
                .onErrorReturn(TraceCompletedException.class, false);
    }

    private boolean isSaved(String traceId, Intervention decision, int micros) {
        return Boolean.TRUE.equals(saved(traceId, decision, micros).block(PATIENCE));
    }

    private String result(DurableEngine engine, Workflow<String, String> flow, String traceId) {
        return engine.result(flow, traceId)
                .onErrorResume(WorkflowFailedException.class, end -> Mono.just("" + end.state()))
                .timeout(PATIENCE)
                .onErrorResume(
                        TimeoutException.class,
                        late -> journal(traceId)
                                .flatMap(words -> Mono.error(new AssertionError(traceId + " has no end: " + words))))
                .block();
    }

    private Mono<String> journal(String traceId) {
        return outside.require(Capability.JOURNAL)
                .read(traceId, 0)
                .map(entry -> JournalText.word(entry.event()))
                .collectList()
                .map(words -> String.join(" ", words));
    }

    private PersistedTrace trace(String traceId) {
        return Objects.requireNonNull(outside.traces().load(traceId).block(PATIENCE));
    }

    private static String recordedResult(PersistedTrace trace) {
        return trace.completion().result().asText().replace("\"", "");
    }

    @Test
    void a_decision_and_the_result_of_the_step() {
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> ctx.step("a", String.class, () -> later(3_000, "own"))
                        .flatMap(a -> ctx.step("b", String.class, () -> later(1_000, a))));
        DurableEngine engine = engine(1, flow);
        rounds(id -> {
            engine.start(flow, id, "x").block(PATIENCE);
            boolean saved = isSaved(id, supply("d", "a", "supplied"), 6_000);
            String result = result(engine, flow, id);
            assertThat(result).as(id).isEqualTo(saved ? "supplied" : "own");
            PersistedTrace trace = trace(id);
            assertThat(recordedResult(trace)).isEqualTo(result);
            assertThat(trace.pendingInterventions()).isEmpty();
        });
    }

    @Test
    void a_decision_and_a_time_limit() {
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> ctx.awaitIntervention("ok", String.class, Duration.ofMillis(4), "late")
                        .flatMap(ok -> ctx.step("b", String.class, () -> later(1_000, ok))));
        DurableEngine engine = engine(2, flow);
        rounds(id -> {
            engine.start(flow, id, "x").block(PATIENCE);
            boolean saved = isSaved(id, supply("d", "ok", "in time"), 9_000);
            String result = result(engine, flow, id);
            assertThat(result).as(id).isEqualTo(saved ? "in time" : "late");
            assertThat(trace(id).pendingInterventions()).isEmpty();
        });
    }

    @Test
    void two_decisions_about_one_node() {
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> ctx.awaitIntervention("ok", String.class)
                        .flatMap(ok -> ctx.step("b", String.class, () -> later(3_000, ok))));
        DurableEngine engine = engine(3, flow);
        rounds(id -> {
            engine.start(flow, id, "x").block(PATIENCE);
            Mono.zip(saved(id, supply("1", "ok", "1"), 5_000), saved(id, supply("2", "ok", "2"), 5_000))
                    .block(PATIENCE);
            String result = result(engine, flow, id);
            PersistedTrace trace = trace(id);
            InterventionRecord last =
                    trace.interventions().get(trace.interventions().size() - 1);
            assertThat(result).as(id).isEqualTo(last.intervention().id());
            assertThat(trace.pendingInterventions()).isEmpty();
        });
    }

    @Test
    void a_decision_and_a_cancel() {
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> ctx.awaitIntervention("ok", String.class)
                        .flatMap(ok -> ctx.step("b", String.class, () -> later(2_000, ok))));
        DurableEngine engine = engine(4, flow);
        rounds(id -> {
            engine.start(flow, id, "x").block(PATIENCE);
            Intervention cancel = decide("c", Intervention.TRACE, InterventionAction.CANCEL);
            var saved = Objects.requireNonNull(
                    Mono.zip(saved(id, cancel, 8_000), saved(id, supply("d", "ok", "yes"), 4_000))
                            .block(PATIENCE));
            String result = result(engine, flow, id);
            assertThat(result).as(id).isEqualTo(saved.getT1() ? "CANCELLED" : "yes");
            assertThat(trace(id).completion().state())
                    .isEqualTo(saved.getT1() ? CompletionState.CANCELLED : CompletionState.SUCCESS);
        });
    }

    @Test
    void a_decision_a_suspension_and_two_engines() {
        Map<String, Integer> done = new ConcurrentHashMap<>();
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> ctx.step(
                                "a",
                                String.class,
                                () -> Mono.fromSupplier(() -> "" + done.merge(ctx.traceId(), 1, Integer::sum)))
                        .then(ctx.awaitIntervention("ok", String.class))
                        .flatMap(ok ->
                                ctx.awaitIntervention("sure", String.class).map(sure -> ok + sure)));
        DurableEngine engine = engine(5, flow);
        DurableEngine other = engine(6, flow);
        rounds(id -> {
            engine.start(flow, id, "x").block(PATIENCE);
            assertThat(isSaved(id, supply("1", "ok", "yes"), 12_000)).isTrue();
            assertThat(isSaved(id, supply("2", "sure", "!"), 12_000)).isTrue();
            assertThat(result(engine, flow, id)).isEqualTo("yes!");
            assertThat(result(other, flow, id)).isEqualTo("yes!");
            assertThat(done).containsEntry(id, 1);
            assertThat(trace(id).pendingInterventions()).isEmpty();
        });
    }

    @Test
    void two_engines_that_resume_one_trace() {
        Map<String, List<String>> events = new ConcurrentHashMap<>();
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, input) -> Flux.range(0, 4)
                        .concatMap(i -> ctx.step("s" + i, String.class, () -> later(2_000, "" + i)))
                        .collectList()
                        .map(all -> String.join("", all)));
        DurableEngine first = engine(7, flow, event -> note(events, "first", event));
        DurableEngine second = engine(8, flow, event -> note(events, "second", event));
        DurableEngine third = engine(9, flow, event -> note(events, "third", event));
        rounds(id -> {
            first.start(flow, id, "x").block(PATIENCE);
            Mono<String> mine = Mono.delay(aMoment(3_000)).then(second.resume(flow, id));
            Mono<String> yours = Mono.delay(aMoment(3_000)).then(third.resume(flow, id));
            Mono.zip(answer(mine), answer(yours)).block(PATIENCE);
            assertThat(result(first, flow, id)).isEqualTo("0123");
            PersistedTrace trace = trace(id);
            assertThat(trace.envelopes()).as(id).hasSize(5);
            List.of("first", "second", "third").forEach(engine -> endsAtMostOnce(events, engine + " " + id));
            assertThat(List.of("first", "second", "third"))
                    .filteredOn(engine ->
                            events.getOrDefault(engine + " " + id, List.of()).contains("RunCompleted"))
                    .as(id)
                    .hasSize(1);
        });
    }

    private static Mono<String> answer(Mono<String> resumed) {
        return resumed.onErrorResume(
                error -> error instanceof ClaimLostException || error instanceof TraceCompletedException,
                error -> Mono.just("told"));
    }

    private static void note(Map<String, List<String>> events, String engine, EngineEvent event) {
        String what = event instanceof EngineEvent.RunFailed failed
                ? failed.error().getClass().getSimpleName()
                : event.getClass().getSimpleName();
        events.computeIfAbsent(
                        engine + " " + event.traceId(), id -> java.util.Collections.synchronizedList(new ArrayList<>()))
                .add(what);
    }

    /** Who lost the trace does nothing more with it, but for a later take-over of its own. */
    private static void endsAtMostOnce(Map<String, List<String>> events, String key) {
        List<String> all = events.getOrDefault(key, List.of());
        int lost = all.indexOf("ClaimLostException");
        if (lost >= 0 && !all.subList(lost, all.size()).contains("RunStarted")) {
            assertThat(all.subList(lost + 1, all.size())).as(key).doesNotContain("StepRecorded", "RunCompleted");
        }
    }
}
