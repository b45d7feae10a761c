package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The detector that watches all tests of this module does see a blocking call. */
class BlockingStepTest {

    private final DurableEngine engine =
            DurableEngine.builder(new Lab().newProcess()).build();

    @AfterEach
    void close() {
        engine.close().block();
    }

    @Test
    void a_blocking_call_in_a_step_on_a_non_blocking_thread_is_caught() {
        Workflow<String, String> blocking = Lab.workflow(
                "blocking",
                (ctx, input) -> ctx.step(
                        "a",
                        String.class,
                        () -> Mono.fromCallable(() -> {
                                    LockSupport.parkNanos(1);
                                    return input;
                                })
                                .subscribeOn(Schedulers.parallel())));
        StepVerifier.create(engine.run(blocking, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(WorkflowFailedException.class)
                        .hasRootCauseInstanceOf(BlockingOperationError.class));
    }

    @Test
    void the_engine_itself_does_not_block_on_one() {
        Workflow<String, String> sequence = Workflows.sequence(new SideEffects());
        StepVerifier.create(Mono.defer(() -> engine.run(sequence, "t", "x")).subscribeOn(Schedulers.parallel()))
                .expectNext("xabc")
                .verifyComplete();
    }
}
