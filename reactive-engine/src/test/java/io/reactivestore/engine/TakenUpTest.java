package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TakenUpTest {

    private final Lab lab = new Lab();

    /** Stays open at its end. */
    private static Workflow<String, String> open() {
        return Workflow.named("open")
                .autoComplete(false)
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step("a", String.class, () -> Mono.just(in + "a")));
    }

    @Test
    void who_resumes_a_trace_hears_of_an_end_that_comes_at_once() {
        Workflow<String, String> open = open();
        DurableEngine engine = lab.engine().register(open).build();
        engine.run(open, "t", "x").block();

        assertThat(engine.resume(open, "t").toFuture()).isCompletedWithValue("xa");
    }

    @Test
    void a_decision_about_a_step_on_record_is_taken_in_although_the_replay_comes_to_its_end_at_once() {
        Workflow<String, String> open = open();
        DurableEngine engine = lab.engine().register(open).build();
        engine.run(open, "t", "x").block();
        lab.newProcess()
                .traces()
                .saveIntervention(
                        "t",
                        Intervention.of("d", "a", InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json("\"other\"")))
                .block();

        CompletableFuture<String> result = engine.resume(open, "t").toFuture();
        lab.pass(Duration.ofSeconds(1));

        assertThat(result).isCompletedWithValue("other");
    }
}
