package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.reactivestore.Capability;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What describes a trace is there with its first entry, and stays whatever becomes of the trace. */
class TagsAtStartTest {

    private static final TraceTags TAGS = TraceTags.NONE.withSource("web").with("customer", "ann");

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> sequence = Workflows.sequence(world);

    private Catalog catalog() {
        return lab.newProcess().require(Capability.CATALOG);
    }

    private TraceTags tags(String traceId) {
        return catalog().tags(traceId).block();
    }

    @Test
    void a_trace_is_found_by_its_tags_before_its_first_step_is_done() {
        List<String> found = new ArrayList<>();
        Workflow<String, String> looking = Lab.workflow(
                "looking",
                (ctx, input) -> ctx.step(
                        "a",
                        String.class,
                        () -> catalog()
                                .list(TraceQuery.of(
                                        TraceFilter.ALL.withSource("web").withTag("customer", "ann"), 10))
                                .map(TraceHead::traceId)
                                .doOnNext(found::add)
                                .then(Mono.just("done"))));
        StepVerifier.create(lab.engine().register(looking).build().run(looking, "t", "x", TAGS))
                .expectNext("done")
                .verifyComplete();
        assertThat(found).containsExactly("t");
        assertThat(tags("t")).isEqualTo(TAGS);
    }

    @Test
    void a_trace_that_is_there_keeps_the_tags_it_has() {
        DurableEngine engine = lab.engine().register(sequence).build();
        engine.run(sequence, "t", "x", TAGS).block();
        StepVerifier.create(engine.run(sequence, "t", "x", TraceTags.NONE.withSource("batch")))
                .expectNext("xabc")
                .verifyComplete();
        engine.run(sequence, "t", "x").block();
        assertThat(tags("t")).isEqualTo(TAGS);
        engine.run(sequence, "plain", "x").block();
        engine.run(sequence, "plain", "x", TAGS).block();
        assertThat(tags("plain")).isEqualTo(TraceTags.NONE);
    }

    @Test
    void resume_and_fork_keep_them() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        DurableEngine engine = lab.engine().register(waiting).build();
        engine.start(waiting, "t", "x", TAGS).block();
        engine.fork("t", 1, "copy").block();
        engine.intervene("t", Workflows.supply("1", "yes")).block();
        CompletableFuture<Object> end = engine.resume("copy", 0).toFuture();
        engine.intervene("copy", Workflows.supply("2", "yes")).block();
        lab.pass(Duration.ofSeconds(2));
        assertThat(end.join()).isEqualTo("xa:yes:b");
        assertThat(tags("t")).isEqualTo(TAGS);
        assertThat(tags("copy")).isEqualTo(TAGS);
    }

    @Test
    void the_replay_of_a_dead_letter_has_those_of_the_trace_that_failed() {
        Workflow<String, String> failing =
                Lab.workflow("failing", (ctx, input) -> Mono.error(new IllegalStateException("broken")));
        DurableEngine engine = lab.engine().register(failing).build();
        engine.start(failing, "t", "x", TAGS).block();
        catalog().update("t", tags -> tags.without("customer")).block();
        String replay = engine.replay("t").block();
        assertThat(tags(replay)).isEqualTo(TraceTags.NONE.withSource("web"));
    }

    @Test
    void no_tags_are_refused_at_the_call() {
        DurableEngine engine = lab.engine().register(sequence).build();
        TraceTags none = null;
        assertThatNullPointerException()
                .isThrownBy(() -> engine.start(sequence, "t", "x", none))
                .withMessage("tags");
        assertThatNullPointerException().isThrownBy(() -> engine.run(sequence, "t", "x", none));
    }
}
