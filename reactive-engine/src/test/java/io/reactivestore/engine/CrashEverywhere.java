package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;

/**
 * The process dies at its k-th call to the database, for every k, before the call takes effect and after it; nobody does anything,
 * and another process finishes the trace: the same result, each side effect once, but for what was under way.
 *
 * <p>To be run on another database, extend it there.
 */
public abstract class CrashEverywhere {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int LIFETIME = 180;
    private static final int PATIENCE = 60;

    /**
     * Gives the database. It may be the same for all cases, since each has workflows and traces of its own.
     *
     * @return where journals and heads are kept
     */
    protected abstract JournalBackend database();

    /**
     * A table of the database that takes notes.
     *
     * @param <C> the type of a connection
     */
    public interface Ledger<C> {

        /**
         * Tells what a connection is.
         *
         * @return its type
         */
        Class<C> connectionType();

        /**
         * Writes a note, in the transaction of the connection.
         *
         * @param connection the connection
         * @param note the note
         * @return a Mono that completes when it is written
         */
        Mono<Void> write(C connection, String note);

        /**
         * Counts what is committed.
         *
         * @param note the note
         * @return how often it stands there
         */
        long count(String note);
    }

    /**
     * Gives the ledger.
     *
     * @return empty if the database has no transactions
     */
    protected Optional<Ledger<?>> ledger() {
        return Optional.empty();
    }

    /**
     * Sets up the engines.
     *
     * @param builder an engine's parts
     * @return the same
     */
    protected EngineBuilder prepared(EngineBuilder builder) {
        return builder;
    }

    /**
     * Gives the traces as the engines read them.
     *
     * @param store a store over the database
     * @return its traces
     */
    protected PersistenceStore readable(ReactiveStore store) {
        return store.traces();
    }

    /**
     * Looks at what else there is when a trace has come to its end.
     *
     * @param store a store over the database
     * @param traceId the trace
     */
    protected void endsWell(ReactiveStore store, String traceId) {}

    @TestFactory
    Stream<DynamicTest> a_step_in_a_transaction_of_the_database_is_done_exactly_once() {
        Optional<Ledger<?>> ledger = ledger();
        assumeTrue(ledger.isPresent(), "this database has no transactions");
        return crashes(CrashExample.transaction(ledger.orElseThrow()));
    }

    @TestFactory
    Stream<DynamicTest> a_sequence_survives() {
        return crashes(CrashExample.SEQUENCE);
    }

    @TestFactory
    Stream<DynamicTest> a_loop_of_repeated_names_survives() {
        return crashes(CrashExample.LOOP);
    }

    @TestFactory
    Stream<DynamicTest> a_trace_that_goes_on_with_a_state_survives() {
        return crashes(CrashExample.GENERATIONS);
    }

    @TestFactory
    Stream<DynamicTest> parallel_branches_survive() {
        return crashes(CrashExample.PARALLEL);
    }

    @TestFactory
    Stream<DynamicTest> nested_items_survive() {
        return crashes(CrashExample.NESTED_EACH);
    }

    @TestFactory
    Stream<DynamicTest> a_sleep_survives() {
        return crashes(CrashExample.SLEEP);
    }

    @TestFactory
    Stream<DynamicTest> a_wait_survives() {
        return crashes(CrashExample.WAIT);
    }

    @TestFactory
    Stream<DynamicTest> a_wait_with_a_time_limit_survives() {
        return crashes(CrashExample.TIMED_WAIT);
    }

    @TestFactory
    Stream<DynamicTest> a_compensation_survives() {
        return crashes(CrashExample.COMPENSATION);
    }

    @TestFactory
    Stream<DynamicTest> a_compensation_of_parallel_branches_survives() {
        return crashes(CrashExample.PARALLEL_COMPENSATION);
    }

    @TestFactory
    Stream<DynamicTest> a_compensation_that_partly_fails_survives_and_is_not_called_one() {
        return crashes(CrashExample.FAILING_UNDO);
    }

    @TestFactory
    Stream<DynamicTest> a_cancel_survives() {
        return crashes(CrashExample.CANCELLED);
    }

    @TestFactory
    Stream<DynamicTest> a_child_and_its_parent_survive() {
        return crashes(CrashExample.CHILD);
    }

    @TestFactory
    Stream<DynamicTest> a_cancel_that_reaches_a_child_survives() {
        return crashes(CrashExample.DOOMED_CHILD);
    }

    @TestFactory
    Stream<DynamicTest> what_runs_at_most_once_stops_in_doubt_and_goes_on_after_a_decision() {
        return crashes(CrashExample.AT_MOST_ONCE);
    }

    @TestFactory
    Stream<DynamicTest> a_retry_with_a_long_delay_survives() {
        return crashes(CrashExample.LONG_RETRY);
    }

    @TestFactory
    Stream<DynamicTest> a_step_that_waits_to_be_run_again_survives() {
        return crashes(CrashExample.HALTED);
    }

    @TestFactory
    Stream<DynamicTest> checkpoints_at_every_third_step_survive() {
        return crashes(CrashExample.EVERY_THREE);
    }

    @TestFactory
    Stream<DynamicTest> checkpoints_on_completion_survive() {
        return crashes(CrashExample.ON_COMPLETION);
    }

    private Stream<DynamicTest> crashes(CrashExample example) {
        Story calm = new Story(example, Integer.MAX_VALUE, DyingBackend.Moment.BEFORE);
        calm.live(calm.first);
        calm.endsWell(calm.world.keySet());
        assertThat(calm.world.values()).as("without a crash").containsOnly(1);
        Set<String> effects = calm.world.keySet();
        return IntStream.rangeClosed(1, calm.first.calls())
                .boxed()
                .flatMap(k -> Stream.of(DyingBackend.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(
                                moment + " call " + k, () -> new Story(example, k, moment).dieAndRecover(effects))));
    }

    /** One trace, from its start in a process that dies to its end in another one. */
    private final class Story {

        private final String id = "crash-" + CASES.incrementAndGet();
        private final CrashExample example;
        private final JournalBackend database = database();
        private final ReactiveStore outside = JournaledStore.over(database, StoreConfig.defaults());
        private final Map<String, Integer> world = new ConcurrentHashMap<>();
        private final MortalProcess first;
        private boolean doubtIsDecided;
        private boolean doubtWasDecided;

        Story(CrashExample example, int lastCall, DyingBackend.Moment moment) {
            this.example = example;
            first = process(new DyingBackend(database, lastCall, moment), Lab.START);
            first.start(id);
        }

        private MortalProcess process(DyingBackend dying, Instant startedAt) {
            return new MortalProcess(
                    dying,
                    startedAt,
                    time -> example.workflows().apply(new CrashExample.Cast("-" + id, world, time)),
                    CrashEverywhere.this::prepared);
        }

        void dieAndRecover(Set<String> effects) {
            live(first);
            if (!first.isDead()) {
                // how many calls it takes depends on which traces share a batch
                endsWell(effects);
                return;
            }
            Map<String, Integer> before = new TreeMap<>(world);
            Set<String> recorded = recorded(trace());

            MortalProcess second = process(DyingBackend.of(database), first.now());
            second.settle();
            if (trace() == null) {
                // the client was never told that the start is durable
                second.start(id);
            }
            doubtIsDecided = true;
            live(second);

            endsWell(effects);
            world.forEach((effect, times) -> assertThat(times)
                    .as("%s, recorded before the crash: %s", effect, recorded)
                    .isLessThanOrEqualTo(before.getOrDefault(effect, 0) + (recorded.contains(effect) ? 0 : 1)));
            assertThat(world.getOrDefault("pay", 1)).isEqualTo(1);
        }

        /** Until the process is dead or the trace has ended. Somebody decides what there is to decide. */
        void live(MortalProcess process) {
            for (int second = 0; second < LIFETIME && !process.isDead(); second++) {
                process.settle();
                PersistedTrace trace = trace();
                if (isOver(trace) && (isOver(trace(child())) || trace(child()) == null)) {
                    return;
                }
                if (trace != null) {
                    int passed = second;
                    Decisions.waits(trace).forEach(wait -> decide(wait, passed));
                }
                process.live(TICK);
            }
        }

        private void decide(Wait wait, int passed) {
            boolean isDoubt = wait.kind() == Wait.Kind.IN_DOUBT;
            if (isDoubt && doubtIsDecided && passed == PATIENCE) {
                assertThat(world).doesNotContainKey("b@1");
                doubtWasDecided = true;
                save(Intervention.of("doubt", wait.node(), InterventionAction.SUPPLY, Lab.START)
                        .withPayload(Payload.json("\"paid\"")));
            } else if (wait.node().equals("doomed") && recorded(trace(child())).contains("reserve@1")) {
                save(Intervention.of("no", Intervention.TRACE, InterventionAction.CANCEL, Lab.START));
            } else if (wait.kind() == Wait.Kind.DECISION) {
                switch (wait.node()) {
                    case "approval" ->
                        save(Intervention.of("yes", wait.node(), InterventionAction.SUPPLY, Lab.START)
                                .withPayload(Payload.json("\"yes\"")));
                    case "cancel-me" ->
                        save(Intervention.of("no", Intervention.TRACE, InterventionAction.CANCEL, Lab.START));
                    case "a" -> save(Intervention.of("again", wait.node(), InterventionAction.RERUN, Lab.START));
                    default -> {}
                }
            }
        }

        private void save(Intervention decision) {
            outside.traces().saveIntervention(id, decision).block();
        }

        private PersistedTrace trace() {
            return trace(id);
        }

        private String child() {
            return id + "/doomed";
        }

        private PersistedTrace trace(String traceId) {
            return readable(outside).load(traceId).block();
        }

        private static boolean isOver(PersistedTrace trace) {
            return trace != null && trace.completion() != null;
        }

        private static Set<String> recorded(PersistedTrace trace) {
            return trace == null
                    ? Set.of()
                    : trace.envelopes().stream()
                            .filter(envelope -> envelope.outcome() != Outcome.STARTED)
                            .map(envelope -> envelope.nodeId() + "@" + envelope.attempt())
                            .collect(Collectors.toSet());
        }

        void endsWell(Set<String> effects) {
            PersistedTrace trace = trace();
            assertThat(trace).isNotNull();
            Completion end = trace.completion();
            assertThat(end).as("the end, of %s", trace.envelopes()).isNotNull();
            assertThat(end.state()).isEqualTo(example.end());
            if (end.state() == CompletionState.SUCCESS) {
                assertThat(end.result()).isEqualTo(Payload.json('"' + example.result() + '"'));
            }
            if (doubtWasDecided) {
                // the mark may stand without anything having been done
                world.putIfAbsent("pay", 1);
            }
            assertThat(world.keySet()).isEqualTo(effects);
            if (example.name().equals("transaction")) {
                assertThat(ledger().orElseThrow().count("-" + id)).isEqualTo(1);
            }
            assertThat(trace.envelopes())
                    .filteredOn(envelope -> envelope.outcome() == Outcome.SUCCESS)
                    .extracting(PersistenceEnvelope::nodeId)
                    .doesNotHaveDuplicates();
            List<JournalEntry> journal = outside.require(Capability.JOURNAL)
                    .read(id, 0)
                    .collectList()
                    .block();
            assertThat(journal)
                    .filteredOn(entry -> entry.event() instanceof JournalEvent.Completed)
                    .hasSize(1)
                    .last()
                    .isEqualTo(journal.get(journal.size() - 1));
            CrashEverywhere.this.endsWell(outside, id);
        }
    }
}
