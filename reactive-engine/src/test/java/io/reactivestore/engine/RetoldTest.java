package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Somebody takes a live trace back by the store that its engine writes through, behind the engine's back. */
class RetoldTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final ReactiveStore store = lab.newProcess();
    private final DurableEngine engine = lab.engine(store).build();

    @Test
    void what_a_step_came_to_that_began_before_a_resumption_does_not_count_behind_it() {
        Sinks.One<String> first = Sinks.one();
        AtomicInteger calls = new AtomicInteger();
        Workflow<String, String> workflow = Lab.workflow(
                "slow",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input + "a"))
                        .flatMap(a -> ctx.step(
                                "b",
                                String.class,
                                () -> calls.incrementAndGet() == 1 ? first.asMono() : Mono.just(a + "-again"))));
        CompletableFuture<String> result = engine.run(workflow, "t", "x").toFuture();
        assertThat(world.times("a")).isEqualTo(1);

        store.traces().resume("t", 0).block();
        first.tryEmitValue("too late");

        assertThat(result).isCompletedWithValue("xa-again");
        assertThat(world.times("a")).isEqualTo(2);
        assertThat(lab.nodes("t")).containsExactly("start", "a", "b");
    }

    @Test
    void a_trace_that_waits_goes_on_with_the_story_that_took_the_place_of_its_own() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        List<JournalEvent> story = lab.trace("t").envelopes().stream()
                .filter(envelope -> envelope.step() == 0 || envelope.nodeId().equals("a"))
                .map(RetoldTest::other)
                .toList();

        store.require(Capability.JOURNAL)
                .replace("t", lab.trace("t").position(), story)
                .block();
        engine.intervene("t", Workflows.supply("d", "yes")).block();

        assertThat(result).isCompletedWithValue("other:yes:b");
        assertThat(world.times("a")).isEqualTo(1);
    }

    private static JournalEvent other(PersistenceEnvelope envelope) {
        return new StepRecorded(
                envelope.nodeId().equals("a") ? envelope.withPayload(Payload.json("\"other\"")) : envelope);
    }
}
