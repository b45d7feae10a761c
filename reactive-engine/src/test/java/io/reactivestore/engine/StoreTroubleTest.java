package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** E16: trouble of the store fails the run, never the trace. */
class StoreTroubleTest {

    private static final StoreUnavailableException DOWN = new StoreUnavailableException("t", "down", null);

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = Workflows.recorder();
    private final SlowBackend slowly = new SlowBackend(lab.backend);
    private final ReactiveStore store = JournaledStore.over(
            slowly,
            StoreConfig.defaults().withClock(lab.clock).withScheduler(lab.time).withWriteRetries(0));
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final DurableEngine engine =
            lab.engine(store).register(sequence).listener(events::add).build();

    @Test
    void user_code_cannot_handle_it_away() {
        AtomicBoolean seen = new AtomicBoolean();
        Workflow<String, String> greedy = Lab.workflow(
                "greedy",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .onErrorResume(error -> {
                            seen.set(true);
                            return Mono.just("handled");
                        }));
        slowly.hold(event -> SlowBackend.isAbout(event, "a"));
        CompletableFuture<String> result = engine.run(greedy, "t", "x").toFuture();
        slowly.letFail(new StoreFailedException("t", "broken", null));

        StepVerifier.create(Mono.fromFuture(result)).verifyError(StoreFailedException.class);
        assertThat(seen).isFalse();
        assertThat(lab.trace("t").completion()).isNull();
        lab.pass(Duration.ofMinutes(1));
        assertThat(world.times("a")).isEqualTo(1);
        StepVerifier.create(engine.run(greedy, "t", "x")).expectNext("x").verifyComplete();
    }

    @Test
    void a_failure_that_cannot_be_recorded_leaves_the_trace_open() {
        Workflow<String, String> failing = Workflows.flaky(world, 1);
        slowly.hold(event -> SlowBackend.isAbout(event, "flaky"));
        CompletableFuture<String> result = engine.run(failing, "t", "x").toFuture();
        slowly.letFail(DOWN);
        StepVerifier.create(Mono.fromFuture(result)).verifyError(StoreUnavailableException.class);

        lab.pass(Duration.ofMillis(1));
        StepVerifier.create(engine.run(failing, "t", "x")).expectNext("x1").verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("flaky", 2);
    }

    @Test
    void the_same_engine_can_run_the_trace_again_as_soon_as_it_hears_of_the_trouble() {
        slowly.hold(event -> SlowBackend.isAbout(event, "a"));
        CompletableFuture<String> result =
                engine.run(sequence, "t", "x").retry(1).toFuture();
        slowly.letFail(DOWN);

        assertThat(result).isCompletedWithValue("xabc");
        assertThat(world.all()).containsEntry("a", 2).containsEntry("b", 1);
    }

    @Test
    void what_stopped_for_trouble_that_may_be_over_is_taken_up_again_by_itself() {
        slowly.hold(event -> SlowBackend.isAbout(event, "b"));
        engine.run(sequence, "t", "x").subscribe(result -> {}, error -> {});
        slowly.letFail(DOWN);
        assertThat(events).last().isInstanceOf(EngineEvent.RunFailed.class);

        lab.pass(Duration.ofSeconds(1));

        assertThat(lab.trace("t").completion()).isNotNull();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 1);
    }

    @Test
    void a_start_that_was_written_but_not_acknowledged_is_taken_up_by_itself() {
        slowly.holdAnswers(event -> SlowBackend.isAbout(event, "start"));
        CompletableFuture<String> result = engine.run(sequence, "t", "x").toFuture();
        slowly.letFail(DOWN);
        StepVerifier.create(Mono.fromFuture(result)).verifyError(StoreUnavailableException.class);

        lab.pass(Duration.ofSeconds(1));

        assertThat(lab.trace("t").completion()).isNotNull();
    }

    @Test
    void trouble_in_a_row_does_not_make_the_engine_forget_the_trace() {
        slowly.hold(event -> SlowBackend.isAbout(event, "b"));
        engine.run(sequence, "t", "x").subscribe(result -> {}, error -> {});
        slowly.failReads(DOWN);
        slowly.letFail(DOWN);
        lab.pass(Duration.ofSeconds(5));
        assertThat(lab.nodes("t")).containsExactly("start", "a");

        slowly.failReads(null);
        lab.pass(Duration.ofSeconds(1));

        assertThat(lab.trace("t").completion()).isNotNull();
    }

    @Test
    void a_run_whose_trace_another_process_took_over_stops_and_its_listeners_hear_of_the_end() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> slow = Lab.workflow(
                "slow",
                (ctx, input) -> ctx.step(
                                "slow",
                                String.class,
                                () -> world.does("slow", 1).then(outside.asMono()))
                        .flatMap(s -> ctx.step("next", String.class, () -> world.does("next", s))));
        CompletableFuture<String> first = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<String> second =
                lab.engine().build().resume(slow, "t").toFuture();
        outside.tryEmitValue("done");

        assertThat(second).isCompletedWithValue("done");
        assertThat(events)
                .last()
                .satisfies(event ->
                        assertThat(((EngineEvent.RunFailed) event).error()).isInstanceOf(ClaimLostException.class));
        lab.pass(Duration.ofSeconds(1));
        assertThat(first).isCompletedWithValue("done");
        assertThat(world.all()).containsEntry("slow", 2).containsEntry("next", 1);
    }
}
