package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.webhooks.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;

/**
 * The process dies at its k-th call to the database, for every k, before the call takes effect and after it, while a trace fails or
 * a letter is replayed. There is a letter if and only if the trace has failed, one new trace if it was replayed, and one delivery
 * for each end.
 *
 * <p>To be run on another database, extend it there.
 */
public abstract class DeadLetterCrashes {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int LIFETIME = 180;

    /**
     * Gives the database. It may be the same for all cases, since each has workflows and traces of its own.
     *
     * @return where journals, heads and letters are kept
     */
    protected abstract JournalBackend database();

    @TestFactory
    Stream<DynamicTest> a_trace_that_fails_leaves_exactly_one_letter() {
        return crashes(new Case(DeadLetterPolicy.send()), Case::failsOnce);
    }

    @TestFactory
    Stream<DynamicTest> a_trace_that_is_tried_again_fails_in_the_end_and_leaves_exactly_one_letter() {
        DeadLetterPolicy policy = DeadLetterPolicy.retryThenSend(RetryPolicy.fixed(3, Duration.ofSeconds(8)));
        return crashes(new Case(policy), Case::failsThreeTimes);
    }

    @TestFactory
    Stream<DynamicTest> a_replay_starts_exactly_one_trace() {
        Case calm = new Case(DeadLetterPolicy.send());
        calm.failsOnce(Integer.MAX_VALUE, DyingBackend.Moment.BEFORE);
        int calls = calm.isReplayed(Integer.MAX_VALUE, DyingBackend.Moment.BEFORE);
        return each(calls, (k, moment) -> {
            Case own = new Case(DeadLetterPolicy.send());
            own.failsOnce(Integer.MAX_VALUE, DyingBackend.Moment.BEFORE);
            own.isReplayed(k, moment);
        });
    }

    private interface Story {
        int of(Case own, int lastCall, DyingBackend.Moment moment);
    }

    private interface Death {
        void at(int lastCall, DyingBackend.Moment moment);
    }

    private Stream<DynamicTest> crashes(Case calm, Story story) {
        int calls = story.of(calm, Integer.MAX_VALUE, DyingBackend.Moment.BEFORE);
        return each(calls, (k, moment) -> story.of(new Case(calm.policy), k, moment));
    }

    private static Stream<DynamicTest> each(int calls, Death death) {
        return IntStream.rangeClosed(1, calls)
                .boxed()
                .flatMap(k -> Stream.of(DyingBackend.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(moment + " call " + k, () -> death.at(k, moment))));
    }

    /** One trace and its letter. */
    private final class Case {

        private final String id = "letter-" + CASES.incrementAndGet();
        private final DeadLetterPolicy policy;
        private final JournalBackend database = database();
        private final ReactiveStore outside = JournaledStore.over(database, StoreConfig.defaults());
        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();
        private boolean mended;

        Case(DeadLetterPolicy policy) {
            this.policy = policy;
        }

        private MortalProcess process(int lastCall, DyingBackend.Moment moment, Instant now) {
            Workflow<String, String> workflow = Workflow.named("fails-" + id)
                    .deadLetters(policy)
                    .webhook("billing")
                    .input(String.class)
                    .output(String.class)
                    .body((ctx, input) -> ctx.step("first", String.class, () -> counted(first))
                            .then(ctx.step(
                                    "second",
                                    String.class,
                                    () -> counted(second)
                                            .filter(done -> mended)
                                            .switchIfEmpty(Mono.error(new IllegalStateException("broken"))))));
            return new MortalProcess(
                    new DyingBackend(database, lastCall, moment), now, time -> List.of(workflow), builder -> builder);
        }

        private Mono<String> counted(AtomicInteger counter) {
            return Mono.fromSupplier(() -> String.valueOf(counter.incrementAndGet()));
        }

        int failsOnce(int lastCall, DyingBackend.Moment moment) {
            int calls = fails(lastCall, moment);
            assertThat(second.get()).isBetween(1, lastCall == Integer.MAX_VALUE ? 1 : 2);
            return calls;
        }

        int failsThreeTimes(int lastCall, DyingBackend.Moment moment) {
            int calls = fails(lastCall, moment);
            assertThat(second.get()).isBetween(3, lastCall == Integer.MAX_VALUE ? 3 : 4);
            return calls;
        }

        private int fails(int lastCall, DyingBackend.Moment moment) {
            int calls = live(lastCall, moment, process -> process.start(id), this::start, id);
            PersistedTrace trace = trace(id);
            assertThat(trace.completion()).isNotNull();
            assertThat(trace.completion().state()).isEqualTo(CompletionState.FAULT);
            DeadLetter letter = letter();
            assertThat(letter.state()).isEqualTo(DeadLetterState.PENDING);
            assertThat(letter.revision()).isEqualTo(1);
            assertThat(letter.failure()).isEqualTo(trace.completion().failure());
            assertThat(letter.createdAt()).isEqualTo(trace.completion().at());
            assertThat(deliveries(id)).containsExactly("FAULT");
            assertThat(first.get()).isBetween(1, lastCall == Integer.MAX_VALUE ? 1 : 2);
            return calls;
        }

        private void start(MortalProcess process) {
            if (trace(id) == null) {
                // the client was never told that the start is durable
                process.start(id);
            }
        }

        int isReplayed(int lastCall, DyingBackend.Moment moment) {
            mended = true;
            int before = first.get();
            int calls = live(lastCall, moment, process -> process.replay(id), this::replayIfPending, id + "#replay");
            DeadLetter letter = letter();
            assertThat(letter.state()).isEqualTo(DeadLetterState.REPLAYED);
            assertThat(letter.replay()).isEqualTo(id + "#replay");
            assertThat(trace(id + "#replay").completion().state()).isEqualTo(CompletionState.SUCCESS);
            assertThat(deliveries(id + "#replay")).containsExactly("SUCCESS");
            assertThat(first.get()).as("what succeeded is kept").isEqualTo(before);
            assertThat(outside.require(Capability.CATALOG)
                            .recent(1_000)
                            .map(TraceHead::traceId)
                            .filter(trace -> trace.equals(id) || trace.startsWith(id + "#"))
                            .collectList()
                            .block())
                    .containsExactlyInAnyOrder(id, id + "#replay");
            return calls;
        }

        private void replayIfPending(MortalProcess process) {
            if (letter().state() == DeadLetterState.PENDING) {
                // the operator was never told that the replay has begun
                process.replay(id);
            }
        }

        /** Gives how many calls the first process made. */
        private int live(
                int lastCall,
                DyingBackend.Moment moment,
                Consumer<MortalProcess> begins,
                Consumer<MortalProcess> goesOn,
                String awaited) {
            MortalProcess one = process(lastCall, moment, Lab.START);
            begins.accept(one);
            live(one, awaited);
            int calls = one.calls();
            if (one.isDead()) {
                MortalProcess another = process(Integer.MAX_VALUE, DyingBackend.Moment.BEFORE, one.now());
                another.settle();
                goesOn.accept(another);
                live(another, awaited);
                another.die();
            }
            one.die();
            return calls;
        }

        /** Until the process is dead, or the trace has ended and no replay is under way. */
        private void live(MortalProcess process, String awaited) {
            for (int passed = 0; passed < LIFETIME && !process.isDead(); passed++) {
                process.settle();
                PersistedTrace trace = trace(awaited);
                if (trace != null && trace.completion() != null && !isReplaying()) {
                    return;
                }
                process.live(TICK);
            }
        }

        private boolean isReplaying() {
            DeadLetter letter = letter();
            return letter != null && letter.state() == DeadLetterState.REPLAYING;
        }

        private List<String> deliveries(String traceId) {
            return outside.require(Capability.WEBHOOKS)
                    .ofTrace(traceId)
                    .map(Delivery::event)
                    .collectList()
                    .block();
        }

        private DeadLetter letter() {
            return outside.require(Capability.DEAD_LETTERS).find(id).block();
        }

        private PersistedTrace trace(String traceId) {
            return outside.traces().load(traceId).block();
        }
    }
}
