package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What traces of many steps cost, in what is read and written: that does not depend on the machine. */
class LongTraceTest {

    private static final int GENERATION = 10;
    private static final int EVERY = 100;

    /** What it took to take a trace up, or to do a thousand steps. */
    private record Cost(long calls, long entriesRead, long entriesWritten, long snapshotBytes) {
        static Cost of(CountingBackend database) {
            return new Cost(
                    database.calls.get(),
                    database.entriesRead.get(),
                    database.entriesWritten.get(),
                    database.snapshotBytes.get());
        }

        Cost minus(Cost before) {
            return new Cost(
                    calls - before.calls,
                    entriesRead - before.entriesRead,
                    entriesWritten - before.entriesWritten,
                    snapshotBytes - before.snapshotBytes);
        }
    }

    private final AtomicInteger done = new AtomicInteger();
    private final List<Cost> costs = new ArrayList<>();

    private Mono<Integer> step(WorkflowContext ctx, int n) {
        return ctx.step(
                "step",
                Integer.class,
                () -> Mono.fromSupplier(() -> {
                    done.incrementAndGet();
                    return n;
                }));
    }

    /** So many steps, ten in each generation, and then a wait. */
    private Workflow<Integer, String> generations(CountingBackend database) {
        return Workflow.named("generations")
                .input(Integer.class)
                .output(String.class)
                .body((ctx, total) -> ctx.carried(Integer.class, 0).flatMap(from -> {
                    if (from % 1_000 == 0) {
                        costs.add(Cost.of(database));
                    }
                    return Flux.range(from, GENERATION)
                            .concatMap(n -> step(ctx, n))
                            .then(Mono.defer(() -> from + GENERATION < total
                                    ? ctx.continueWith(from + GENERATION)
                                    : ctx.awaitIntervention("go", String.class)));
                }));
    }

    /** So many steps in one go, and then a wait. */
    private Workflow<Integer, String> row() {
        return Workflow.named("row")
                .input(Integer.class)
                .output(String.class)
                .body((ctx, total) -> Flux.range(0, total)
                        .concatMap(n -> step(ctx, n))
                        .then(ctx.awaitIntervention("go", String.class)));
    }

    /** Runs a trace to its wait, and counts what another process reads to take it up. */
    private static Cost takeUp(
            Function<CountingBackend, Workflow<Integer, String>> workflow, int steps, boolean keepsSnapshots) {
        Lab lab = new Lab();
        CountingBackend first = new CountingBackend(lab.backend, keepsSnapshots);
        Workflow<Integer, String> before = workflow.apply(first);
        DurableEngine engine = lab.engine(lab.newProcess(first))
                .snapshotEvery(EVERY)
                .register(before)
                .build();
        engine.start(before, "t", steps).block();
        lab.pass(Duration.ofSeconds(1));
        engine.close().block();

        CountingBackend second = new CountingBackend(lab.backend, keepsSnapshots);
        Workflow<Integer, String> after = workflow.apply(second);
        DurableEngine another = lab.engine(lab.newProcess(second))
                .snapshotEvery(1_000_000)
                .register(after)
                .build();
        another.resume(after, "t").subscribe();
        Cost cost = Cost.of(second);
        another.intervene(
                        "t",
                        Intervention.of("go", "go", InterventionAction.SUPPLY, Lab.START)
                                .withPayload(Payload.json("\"went\"")))
                .block();
        StepVerifier.create(another.result(after, "t")).expectNext("went").verifyComplete();
        return cost;
    }

    @Test
    void a_trace_that_goes_on_with_a_state_is_taken_up_as_soon_however_old_it_is() {
        Map<Integer, Cost> taken = new TreeMap<>();
        for (int steps : List.of(100, 1_000, 10_000)) {
            taken.put(steps, takeUp(this::generations, steps, true));
        }
        assertThat(done).hasValue(11_100);
        // a take-over reads the trace twice, each time a page, the snapshot, its anchor, and what stands behind it
        assertThat(taken.values()).as("%s", taken).allSatisfy(cost -> {
            assertThat(cost.entriesRead()).isLessThan(2 * (64 + 1 + 2 * EVERY) + 64);
            assertThat(cost.calls()).isLessThan(20);
        });
        Cost without = takeUp(this::generations, 10_000, false);
        assertThat(without.entriesRead()).as("without snapshots").isGreaterThan(20_000);
    }

    @Test
    void a_step_costs_the_same_at_the_end_of_a_long_trace_as_at_its_start() {
        takeUp(this::generations, 10_000, true);
        Cost early = costs.get(2).minus(costs.get(1));
        Cost late = costs.get(9).minus(costs.get(8));
        assertThat(early.entriesWritten()).isEqualTo(1_000 + 1_000 / GENERATION * 4);
        assertThat(late.entriesWritten()).isEqualTo(early.entriesWritten());
        assertThat(late.calls()).isBetween(early.calls() - 20, early.calls() + 20);
        // each entry is read once, for a snapshot, beside a page for each
        assertThat(late.entriesRead()).isLessThan(3 * late.entriesWritten());
        assertThat(late.entriesRead()).isBetween(early.entriesRead() - 300, early.entriesRead() + 300);
        assertThat(late.snapshotBytes()).isLessThan(2 * early.snapshotBytes() + 1_000);
    }

    @Test
    void a_row_of_ten_thousand_steps_is_run_and_taken_up_and_its_snapshots_cost_no_more_than_its_steps() {
        Lab lab = new Lab();
        CountingBackend database = new CountingBackend(lab.backend, true);
        Workflow<Integer, String> row = row();
        DurableEngine engine = lab.engine(lab.newProcess(database))
                .snapshotEvery(EVERY)
                .register(row)
                .build();
        engine.start(row, "t", 10_000).block();
        lab.pass(Duration.ofSeconds(1));
        assertThat(database.snapshotsWritten.get()).isBetween(5L, 12L);
        // half of it at the worst, beside the snapshot; but every result is told to the code again
        Cost cost = takeUp(counted -> row(), 10_000, true);
        assertThat(cost.entriesRead()).isLessThan(2 * (64 + 1 + 10_000 / 2 + 1_000));
        assertThat(done).hasValue(20_000);
    }
}
