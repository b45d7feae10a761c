package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * C3: every operation, cancelled at every signal. Afterwards the effect is there as a whole or not at all, the store works, no
 * connection is in use, and the same call again succeeds.
 */
abstract class CancellationRules extends Subject {

    private static final long SEED = 20_260_301;
    private static final int MOMENTS = STRESS ? 2_000 : 40;

    private final Random random = new Random(SEED);

    CancellationRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    /** When the subscriber goes away. */
    private enum Moment {
        BEFORE_REQUEST,
        AFTER_REQUEST,
        AT_RANDOM,
        ON_SIGNAL
    }

    @Test
    void C3_a_cancelled_first_append_made_the_whole_trace_or_none() {
        cancelAtEverySignal((store, traceId) -> store.traces().append(step(traceId, 0)), traceId -> {}, traceId -> {
            assertThat(get(traces().append(step(traceId, 0)))).isEqualTo(1);
            Seen seen = seen(store(), traceId);
            assertThat(seen.trace().orElseThrow().envelopes()).containsExactly(step(traceId, 0));
            assertThat(seen.trace().orElseThrow().position()).isEqualTo(1);
            seen.head()
                    .ifPresent(head -> assertThat(head)
                            .isEqualTo(seen.trace().orElseThrow().head()));
        });
    }

    @Test
    void C3_a_cancelled_append_is_there_once_or_not_at_all() {
        cancelAtEverySignal(
                (store, traceId) -> store.traces().append(step(traceId, 1)),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    assertThat(get(traces().append(step(traceId, 1)))).isEqualTo(2);
                    assertThat(load(store(), traceId).envelopes()).containsExactly(step(traceId, 0), step(traceId, 1));
                });
    }

    @Test
    void C3_a_cancelled_list_is_there_as_a_whole_or_not_at_all() {
        journal();
        cancelAtEverySignal(
                (store, traceId) -> journal(store).append(traceId, 1, list(traceId)),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    Answer again = get(Answer.to(journal().append(traceId, 1, list(traceId))));
                    if (again.isAccepted()) {
                        assertThat(again.position()).isEqualTo(5);
                    } else {
                        assertThat(again.refusal())
                                .isInstanceOfSatisfying(
                                        PositionConflictException.class,
                                        refusal -> assertThat(refusal.actual()).isEqualTo(5));
                    }
                    assertThat(entries(store(), traceId).subList(1, 5))
                            .extracting(JournalEntry::event)
                            .containsExactlyElementsOf(list(traceId));
                });
    }

    @Test
    void C3_a_cancelled_completion_ended_the_trace_and_its_head_or_neither() {
        cancelAtEverySignal(
                (store, traceId) -> store.traces().complete(traceId, end(CompletionState.SUCCESS)),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    run(traces().complete(traceId, end(CompletionState.SUCCESS)));
                    Seen seen = seen(store(), traceId);
                    assertThat(seen.trace().orElseThrow().completion()).isEqualTo(end(CompletionState.SUCCESS));
                    assertThat(seen.trace().orElseThrow().position()).isEqualTo(2);
                    seen.head()
                            .ifPresent(head -> assertThat(head)
                                    .isEqualTo(seen.trace().orElseThrow().head()));
                });
    }

    @Test
    void C3_a_cancelled_decision_is_there_once_or_not_at_all() {
        cancelAtEverySignal(
                (store, traceId) -> store.traces().saveIntervention(traceId, decision("d", "node-1")),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    run(traces().saveIntervention(traceId, decision("d", "node-1")));
                    assertThat(load(store(), traceId).pendingInterventions()).containsExactly(decision("d", "node-1"));
                    assertThat(load(store(), traceId).position()).isEqualTo(2);
                });
    }

    @Test
    void C3_a_cancelled_resume_counts_once_or_not_at_all() {
        cancelAtEverySignal(
                (store, traceId) -> store.traces().resume(traceId, 0),
                traceId -> {
                    get(traces().append(step(traceId, 0)));
                    get(traces().append(step(traceId, 1)));
                },
                traceId -> {
                    int count = get(traces().resume(traceId, 0)).resumptionCount();
                    assertThat(count).isBetween(1, 2);
                    assertThat(load(store(), traceId).position()).isEqualTo(2 + count);
                    assertThat(load(store(), traceId).resumptionCount()).isEqualTo(count);
                    assertThat(get(traces().append(step(traceId, 1)))).isEqualTo(3 + count);
                });
    }

    @Test
    void C3_a_cancelled_claim_is_there_once_or_not_at_all() {
        journal();
        cancelAtEverySignal(
                (store, traceId) -> journal(store).append(traceId, 1, List.of(claim("me"))),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    long position = get(journal()
                            .append(traceId, 1, List.of(claim("me")))
                            .onErrorReturn(PositionConflictException.class, 2L));
                    assertThat(position).isEqualTo(2);
                    assertThat(get(traces().append(step(traceId, 1)))).isEqualTo(3);
                });
    }

    @Test
    void C3_a_cancelled_load_leaves_nothing_in_use() {
        cancelAtEverySignal(
                (store, traceId) -> store.traces().load(traceId),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> assertThat(load(store(), traceId).position()).isEqualTo(1));
    }

    @Test
    void C3_a_cancelled_reading_leaves_nothing_in_use() {
        journal();
        append(0, 1, 2);
        cancelAtEverySignal(
                (store, traceId) -> journal(store).read(TRACE, 0),
                traceId -> {},
                traceId -> assertThat(entries(store(), TRACE)).hasSize(3));
    }

    @Test
    void C3_a_cancelled_follower_leaves_nothing_in_use() {
        journal();
        append(0, 1, 2);
        cancelAtEverySignal(
                (store, traceId) -> journal(store).follow(TRACE, 0),
                traceId -> {},
                traceId -> assertThat(get(journal().follow(TRACE, 0).take(3).count()))
                        .isEqualTo(3));
    }

    @Test
    void C3_a_cancelled_search_leaves_nothing_in_use() {
        catalog(store());
        append(0);
        cancelAtEverySignal(
                (store, traceId) -> catalog(store).find(TRACE),
                traceId -> {},
                traceId ->
                        assertThat(get(catalog(store()).find(TRACE)).traceId()).isEqualTo(TRACE));
        cancelAtEverySignal(
                (store, traceId) -> catalog(store).recent(10),
                traceId -> {},
                traceId -> assertThat(get(catalog(store()).recent(10).count())).isEqualTo(1));
        cancelAtEverySignal(
                (store, traceId) -> catalog(store).summaries(TraceQuery.newest(10)),
                traceId -> {},
                traceId -> assertThat(get(catalog(store())
                                .summaries(TraceQuery.newest(10))
                                .count()))
                        .isEqualTo(1));
        cancelAtEverySignal(
                (store, traceId) -> catalog(store).page(TraceQuery.newest(10)),
                traceId -> {},
                traceId -> assertThat(get(catalog(store()).page(TraceQuery.newest(10)))
                                .total())
                        .isEqualTo(1));
    }

    @Test
    void C3_a_cancelled_deletion_can_be_repeated_and_leaves_nothing() {
        for (Moment moment : Moment.values()) {
            for (int i = 0; i < (moment == Moment.AT_RANDOM ? MOMENTS : 3); i++) {
                String traceId = moment + "-" + i;
                get(traces().append(step(traceId, 0)));
                run(traces().complete(traceId, end(CompletionState.SUCCESS)));
                Leaver leaver = new Leaver(moment);
                catalog(store()).delete(traceId).subscribe(leaver);
                if (moment == Moment.AT_RANDOM) {
                    spin(random.nextInt(2_000_000));
                }
                if (moment == Moment.ON_SIGNAL) {
                    leaver.awaitSignal();
                } else {
                    leaver.leave();
                }
                // what is under way and the same again come one after the other
                get(catalog(store()).delete(traceId));
                assertThat(seen(store(), traceId)).isEqualTo(new Seen(Optional.empty(), List.of(), Optional.empty()));
                leaver.heardNothingUnfitting();
            }
            awaitNoConnectionInUse();
        }
    }

    @Test
    void C3_a_cancelled_description_is_there_as_a_whole_or_not_at_all() {
        catalog(store());
        cancelAtEverySignal(
                (store, traceId) -> catalog(store)
                        .update(traceId, tags -> tags.with("a", "1").with("b", "2")),
                traceId -> get(traces().append(step(traceId, 0))),
                traceId -> {
                    assertThat(get(catalog(store()).tags(traceId)).values().size())
                            .isIn(0, 2);
                    get(catalog(store())
                            .update(traceId, tags -> tags.with("a", "1").with("b", "2")));
                    assertThat(get(catalog(store()).tags(traceId)).values()).hasSize(2);
                });
    }

    @Test
    void C3_a_caller_who_leaves_does_not_take_others_along() {
        append(0);
        for (int n = 1; n <= MOMENTS; n++) {
            Mono<Long> leaving = traces().append(step(TRACE, 2 * n));
            Mono<Long> staying = traces().append(step(TRACE, 2 * n + 1));
            Leaver leaver = new Leaver(Moment.AT_RANDOM);
            var stayed =
                    Mono.zip(staying, traces().append(step("other-" + n, 0))).toFuture();
            leaving.subscribe(leaver);
            spin(random.nextInt(20_000));
            leaver.leave();
            assertThat(get(Mono.fromFuture(stayed)).getT2()).isEqualTo(1);
        }
        assertThat(load(open(), TRACE).envelopes())
                .extracting(envelope -> envelope.step())
                .doesNotHaveDuplicates()
                .containsAll(LongStream.rangeClosed(1, MOMENTS)
                        .mapToObj(n -> 2 * n + 1)
                        .toList());
    }

    @Test
    void C3_a_cancelled_close_closes_all_the_same() {
        append(0);
        ReactiveStore other = open();
        Leaver leaver = new Leaver(Moment.AFTER_REQUEST);
        other.close().subscribe(leaver);
        leaver.leave();
        run(other.close());
        refused(StoreClosedException.class, other.traces().append(step(TRACE, 1)));
        assertThat(append(1)).isEqualTo(2);
    }

    /** Each moment, a fresh trace: prepare, call and cancel, look for halves, then prove that the same call again succeeds. */
    private void cancelAtEverySignal(
            BiFunction<ReactiveStore, String, Publisher<?>> call, TraceAction prepare, TraceAction callAgain) {
        long usual = usualNanos(call, prepare);
        for (Moment moment : Moment.values()) {
            int times = moment == Moment.AT_RANDOM ? MOMENTS : 3;
            for (int i = 0; i < times; i++) {
                String traceId = moment + "-" + i + "-" + random.nextInt(Integer.MAX_VALUE);
                prepare.on(traceId);
                Leaver leaver = new Leaver(moment);
                call.apply(store(), traceId).subscribe(leaver);
                if (moment == Moment.AT_RANDOM) {
                    spin(random.nextInt((int) Math.min(Integer.MAX_VALUE - 1, usual + usual / 2 + 1)));
                }
                if (moment == Moment.ON_SIGNAL) {
                    leaver.awaitSignal();
                } else {
                    leaver.leave();
                }
                notHalf(traceId);
                callAgain.on(traceId);
                notHalf(traceId);
                leaver.heardNothingUnfitting();
            }
            awaitNoConnectionInUse();
        }
    }

    /** What no moment may show: a trace without head, a journal with a gap, a head at odds with the journal, a piece of a list. */
    private void notHalf(String traceId) {
        Seen seen = seen(store(), traceId);
        seen.trace().ifPresent(trace -> {
            assertThat(trace.position()).isGreaterThanOrEqualTo(1);
            assertThat(trace.head().status().name())
                    .isEqualTo(
                            trace.completion() == null
                                    ? "RUNNING"
                                    : trace.completion().state().name());
        });
        List<JournalEntry> entries = seen.entries();
        for (int i = 0; i < entries.size(); i++) {
            assertThat(entries.get(i).position()).isEqualTo(i + 1);
        }
        if (seen.trace().isPresent() && store().find(Capability.CATALOG).isPresent()) {
            assertThat(seen.head()).isPresent();
        }
        if (entries.size() > 1 && entries.get(1).event() instanceof JournalEvent.Custom) {
            assertThat(entries.size())
                    .as("the list of four behind the first entry")
                    .isEqualTo(5);
        }
    }

    private long usualNanos(BiFunction<ReactiveStore, String, Publisher<?>> call, TraceAction prepare) {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            prepare.on("warm-up-" + i);
            Leaver leaver = new Leaver(Moment.ON_SIGNAL);
            long start = System.nanoTime();
            call.apply(store(), "warm-up-" + i).subscribe(leaver);
            leaver.awaitSignal();
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest;
    }

    private static List<JournalEvent> list(String traceId) {
        return List.of(
                note("first"),
                recorded(step(traceId, 1)),
                recorded(step(traceId, 2)),
                completed(CompletionState.FAULT));
    }

    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private interface TraceAction {
        void on(String traceId);
    }

    /** A subscriber who goes away at its moment. */
    private static final class Leaver implements CoreSubscriber<Object> {
        private final Moment moment;
        private final CountDownLatch signalled = new CountDownLatch(1);
        private volatile Subscription subscription = Stub.NONE;
        private volatile boolean left;
        private volatile Throwable unfitting = Stub.NOTHING;

        Leaver(Moment moment) {
            this.moment = moment;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            if (moment == Moment.BEFORE_REQUEST) {
                leave();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Object value) {
            if (moment == Moment.BEFORE_REQUEST) {
                unfitting = new AssertionError("a value without a request");
            }
            signal();
        }

        @Override
        public void onError(Throwable error) {
            unfitting = error;
            signal();
        }

        @Override
        public void onComplete() {
            signal();
        }

        private void signal() {
            if (moment == Moment.ON_SIGNAL) {
                leave();
            }
            signalled.countDown();
        }

        void leave() {
            left = true;
            subscription.cancel();
        }

        void awaitSignal() {
            try {
                assertThat(signalled.await(HANG.toSeconds(), TimeUnit.SECONDS))
                        .as("a signal came")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void heardNothingUnfitting() {
            assertThat(left).isTrue();
            if (unfitting != Stub.NOTHING) {
                throw new AssertionError("the call failed", unfitting);
            }
        }
    }

    private enum Stub implements Subscription {
        NONE;

        static final Throwable NOTHING = new AssertionError("nothing");

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
