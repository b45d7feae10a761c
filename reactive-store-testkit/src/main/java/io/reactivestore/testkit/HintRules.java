package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.RESTED;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

/**
 * The facet CLAIMS: hints. They may be missed, so each cause is repeated until its hint is heard; what must not be hinted is
 * followed by what must.
 */
abstract class HintRules extends Subject {

    private static final long A_MOMENT_MILLIS = 100;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    HintRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void CLAIMS_a_decision_is_hinted_and_a_step_is_not() {
        get(traces().append(step("loud", 0)));
        get(traces().append(step("louder", 0)));
        get(traces().append(step("quiet", 0)));
        Disposable listening = claims(store()).hints().subscribe(heard::add);
        await("loud", n -> run(traces().saveIntervention("loud", decision("d" + n, "node-1"))));
        get(traces().append(step("quiet", 1)));
        get(journal().append("quiet", List.of(Samples.note("hush"), Samples.recorded(step("quiet", 2)))));
        get(journal().append("quiet", List.of(Samples.claim("me"))));
        get(journal().append("quiet", List.of(rest(RESTED.plusSeconds(1)))));
        // hints come in the order of what caused them, so whatever was hinted of the quiet one is heard by now
        await("louder", n -> run(traces().saveIntervention("louder", decision("d" + n, "node-1"))));
        listening.dispose();
        assertThat(heard).doesNotContain("quiet");
    }

    @Test
    void CLAIMS_a_rest_that_is_due_at_once_is_hinted() {
        get(traces().append(step("due", 0)));
        Disposable listening = claims(store()).hints().subscribe(heard::add);
        await("due", n -> get(journal().append("due", List.of(rest(RESTED)))));
        listening.dispose();
    }

    @Test
    void CLAIMS_every_listener_is_told_and_who_has_left_is_not() {
        get(traces().append(step("loud", 0)));
        BlockingQueue<String> heardByTheOther = new LinkedBlockingQueue<>();
        BlockingQueue<String> heardByWhoLeft = new LinkedBlockingQueue<>();
        Disposable listening = claims(store()).hints().subscribe(heard::add);
        Disposable another = claims(store()).hints().subscribe(heardByTheOther::add);
        claims(store()).hints().subscribe(heardByWhoLeft::add).dispose();
        await("loud", n -> run(traces().saveIntervention("loud", decision("d" + n, "node-1"))));
        await(heardByTheOther, "loud", n -> run(traces().saveIntervention("loud", decision("more " + n, "node-1"))));
        assertThat(heardByWhoLeft).isEmpty();
        listening.dispose();
        another.dispose();
    }

    @Test
    void CLAIMS_a_listener_that_asks_for_nothing_holds_nobody_up() {
        get(traces().append(step("loud", 0)));
        Disposable idle = claims(store()).hints().subscribeWith(new BaseSubscriber<String>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        });
        for (int n = 0; n < 300; n++) {
            run(traces().saveIntervention("loud", decision("" + n, "node-1")));
        }
        idle.dispose();
        assertThat(load(store(), "loud").interventions()).hasSize(300);
    }

    /** Causes one hint at a time, lest a flood of them be dropped and others with it. */
    private void await(String traceId, IntConsumer cause) {
        await(heard, traceId, cause);
    }

    private static void await(BlockingQueue<String> hints, String traceId, IntConsumer cause) {
        long end = System.nanoTime() + HANG.toNanos();
        List<String> others = new ArrayList<>();
        for (int n = 0; !others.contains(traceId); n++) {
            assertThat(System.nanoTime()).as("no hint was heard").isLessThan(end);
            cause.accept(n);
            for (String hint = next(hints); hint != null; hint = others.contains(traceId) ? null : next(hints)) {
                others.add(hint);
            }
        }
        hints.addAll(others);
    }

    private static @Nullable String next(BlockingQueue<String> hints) {
        try {
            return hints.poll(A_MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
