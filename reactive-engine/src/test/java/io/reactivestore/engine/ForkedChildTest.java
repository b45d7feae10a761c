package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The copy of a child is nobody's child, and the copy of a parent has a child of its own. */
class ForkedChildTest {

    private final Lab lab = new Lab();
    private final Workflow<String, String> child =
            Lab.workflow("child", (ctx, in) -> ctx.awaitIntervention("ok", String.class));
    private final Workflow<String, String> parent =
            Lab.workflow("parent", (ctx, in) -> ctx.child("kid", child, in).map(answer -> "kid says " + answer));
    private final DurableEngine engine =
            lab.engine().register(child).register(parent).build();

    private void decide(String traceId, String answer) {
        engine.intervene(
                        traceId,
                        Intervention.of(answer, "ok", InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json('"' + answer + '"')))
                .block();
        lab.pass(Duration.ofSeconds(3));
    }

    @Test
    void the_end_of_a_forked_child_is_no_news_to_the_parent() {
        CompletableFuture<String> result = engine.run(parent, "p", "x").toFuture();
        lab.pass(Duration.ofSeconds(3));
        engine.fork("p/kid", 1, "copy").block();
        decide("copy", "no");
        assertThat(engine.result(child, "copy").block()).isEqualTo("no");
        assertThat(result).isNotDone();
        decide("p/kid", "yes");
        assertThat(result).isCompletedWithValue("kid says yes");
    }

    @Test
    void a_forked_parent_waits_for_a_child_of_its_own() {
        CompletableFuture<String> result = engine.run(parent, "p", "x").toFuture();
        lab.pass(Duration.ofSeconds(3));
        engine.fork("p", 1, "q").block();
        lab.pass(Duration.ofSeconds(3));
        decide("q/kid", "no");
        assertThat(engine.result(parent, "q").block()).isEqualTo("kid says no");
        assertThat(result).isNotDone();
        decide("p/kid", "yes");
        assertThat(result).isCompletedWithValue("kid says yes");
    }
}
