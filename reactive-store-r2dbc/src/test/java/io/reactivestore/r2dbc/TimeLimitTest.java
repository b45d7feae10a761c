package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What ends in time is passed on as it is; what does not is given up, and what it brings later is not lost. */
class TimeLimitTest {

    private static final Duration HANG = Duration.ofSeconds(30);

    private final List<String> late = new ArrayList<>();
    private final TimeLimit never = new TimeLimit(Duration.ofHours(1));
    private final TimeLimit soon = new TimeLimit(Duration.ofMillis(80));

    @Test
    void what_ends_in_time_is_passed_on() {
        StepVerifier.create(never.on(Mono.just("value"), late::add))
                .expectNext("value")
                .verifyComplete();
        StepVerifier.create(never.on(Mono.<String>empty(), late::add)).verifyComplete();
        StepVerifier.create(never.on(Mono.<String>error(new IllegalStateException("own")), late::add))
                .verifyErrorMessage("own");
        assertThat(late).isEmpty();
    }

    @Test
    void a_value_waits_for_who_asks_for_it() {
        StepVerifier.create(never.on(Mono.just("value"), late::add), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext("value")
                .verifyComplete();
    }

    @Test
    void what_takes_too_long_is_cancelled_and_signals_so() {
        TestPublisher<String> silent = TestPublisher.create();
        StepVerifier.create(soon.on(silent.mono(), late::add))
                .expectError(TimeoutException.class)
                .verify(HANG);
        silent.assertCancelled();
    }

    @Test
    void each_of_many_is_given_up_one_after_the_other_or_at_once() {
        for (int round = 0; round < 3; round++) {
            StepVerifier.create(Mono.whenDelayError(
                            soon.on(Mono.<String>never(), late::add).onErrorComplete(TimeoutException.class),
                            soon.on(Mono.<String>never(), late::add).onErrorComplete(TimeoutException.class)))
                    .expectComplete()
                    .verify(HANG);
        }
    }

    @Test
    void a_value_that_comes_too_late_is_handed_over() {
        TestPublisher<String> deaf = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(soon.on(Mono.fromDirect(deaf), late::add))
                .expectError(TimeoutException.class)
                .verify(HANG);
        deaf.next("value");
        assertThat(late).containsExactly("value");
    }

    @Test
    void a_cancel_reaches_the_source_and_ends_the_watch() {
        TestPublisher<String> deaf = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        never.on(Mono.fromDirect(deaf), late::add).subscribe().dispose();
        deaf.assertCancelled();
        deaf.next("value");
        assertThat(late).containsExactly("value");
    }

    @Test
    void the_source_sees_the_context_of_who_asks() {
        Mono<String> named = Mono.deferContextual(context -> Mono.just(context.<String>get("name")));
        StepVerifier.create(never.on(named, late::add).contextWrite(context -> context.put("name", "value")))
                .expectNext("value")
                .verifyComplete();
    }
}
