package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.HOSTILE_ID;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.json;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.snapshots.Snapshots.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The facet SNAPSHOTS: those of callers, and those by which the store spares itself reading. */
abstract class SnapshotRules extends Subject {

    /** More than a store reads at once before it looks for a snapshot. */
    private static final int LONG = 150;

    /** The version of the store's own. */
    static final String OWN = "reactivestore:fold-1";

    private final Random random = new Random(20_260_301);

    SnapshotRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    private Snapshots snapshots() {
        return snapshots(store());
    }

    private Optional<Snapshot> latest(String version) {
        return snapshots(open()).latest(TRACE, version).blockOptional(HANG);
    }

    private boolean save(long position, String version, Payload content) {
        return get(snapshots().save(TRACE, position, version, content));
    }

    private void appendMany(String traceId, long from, int count) {
        List<JournalEvent> events = LongStream.range(from, from + count)
                .<JournalEvent>mapToObj(n -> recorded(step(traceId, n)))
                .toList();
        get(journal().append(traceId, events));
    }

    @Test
    void S1_the_latest_snapshot_of_a_version_is_found_by_every_process_to_the_bit() {
        append(0, 1, 2);
        int number = 0;
        for (Payload content : Samples.extremePayloads()) {
            String version = "version " + ++number;
            assertThat(save(2, version, content)).isTrue();
            assertThat(latest(version)).contains(new Snapshot(TRACE, 2, version, content));
        }
        get(traces().append(step(HOSTILE_ID, 0)));
        assertThat(get(snapshots().save(HOSTILE_ID, 1, "v'", json("other")))).isTrue();
        assertThat(get(snapshots().latest(HOSTILE_ID, "v'")).content()).isEqualTo(json("other"));
        assertThat(latest("v'")).isEmpty();
    }

    @Test
    void S2_an_older_snapshot_is_ignored_and_a_later_one_wins() {
        append(0, 1, 2, 3);
        assertThat(save(2, "sum", json("two"))).isTrue();
        assertThat(save(1, "sum", json("one"))).isFalse();
        assertThat(save(2, "sum", json("another two"))).isFalse();
        assertThat(latest("sum")).map(Snapshot::content).contains(json("two"));
        assertThat(save(4, "sum", json("four"))).isTrue();
        assertThat(save(1, "other", json("one"))).isTrue();
        assertThat(latest("sum")).map(Snapshot::content).contains(json("four"));
    }

    @Test
    void S2_of_many_who_save_at_once_the_latest_wins() {
        appendMany(TRACE, 0, 20);
        List<Snapshots> all = List.of(snapshots(), snapshots(open()), snapshots(open()));
        List<Mono<Boolean>> calls = new ArrayList<>();
        for (int n = 1; n <= 20; n++) {
            calls.add(all.get(n % 3)
                    .save(TRACE, (n * 7) % 20 + 1, "sum", json("at " + ((n * 7) % 20 + 1)))
                    .subscribeOn(Schedulers.parallel()));
        }
        run(Mono.when(calls));
        assertThat(latest("sum")).contains(new Snapshot(TRACE, 20, "sum", json("at 20")));
    }

    @Test
    void S3_a_snapshot_is_of_entries_that_are_there() {
        refused(TraceNotFoundException.class, snapshots().save("nobody", 1, "sum", json("x")));
        append(0, 1);
        PositionConflictException beyond =
                refused(PositionConflictException.class, snapshots().save(TRACE, 3, "sum", json("x")));
        assertThat(beyond.traceId()).isEqualTo(TRACE);
        assertThat(latest("sum")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots().save(TRACE, 0, "sum", json("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots().save(TRACE, 1, "", json("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots().save(TRACE, 1, "sum", missing()));
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots().latest("", "sum"));
        assertThatIllegalArgumentException().isThrownBy(() -> snapshots().take(TRACE, 0));
    }

    @Test
    void S4_a_damaged_snapshot_counts_as_none_and_the_next_one_takes_its_place() {
        append(0, 1, 2);
        save(2, "sum", json("two"));
        fixture().corruptSnapshot(TRACE, "sum");
        assertThat(latest("sum")).isEmpty();
        assertThat(save(3, "sum", json("three"))).isTrue();
    }

    @Test
    void S4_what_is_damaged_is_in_the_way_of_nothing_and_takes_nothing_along() {
        append(0, 1, 2);
        assertThat(save(3, "sum", json("three"))).isTrue();
        assertThat(save(2, "other", json("other"))).isTrue();
        fixture().corruptSnapshot(TRACE, "sum");
        assertThat(save(2, "sum", json("two"))).isTrue();
        assertThat(latest("sum")).map(Snapshot::content).contains(json("two"));
        assertThat(latest("other")).map(Snapshot::content).contains(json("other"));
    }

    /** What the store's own snapshot and what stands behind it come to is what the whole journal comes to. */
    @Test
    void S5_a_snapshot_and_the_tail_come_to_what_the_whole_journal_does() {
        for (int round = 0; round < (STRESS ? 100 : 4); round++) {
            String traceId = "round-" + round;
            appendMany(traceId, 0, LONG);
            int length = 40 + random.nextInt(40);
            for (int n = 0; n < length; n++) {
                anything(traceId, LONG + n);
                if (n == length / 2) {
                    assertThat(get(snapshots().take(traceId, 1))).isTrue();
                }
            }
            if (round % 2 == 0) {
                run(traces().complete(traceId, end(CompletionState.FAULT).withFailure(new Failure("f", "m", "d"))));
                run(traces().complete(traceId, CompletionState.COMPENSATED));
            }
            PersistedTrace quick = load(open(), traceId);
            run(journal().read(traceId, 0).then());
            fixture().corruptSnapshot(traceId, OWN);
            assertThat(load(open(), traceId)).as("round %d", round).isEqualTo(quick);
        }
    }

    private void anything(String traceId, long step) {
        switch (random.nextInt(8)) {
            case 0 -> run(traces().saveIntervention(traceId, decision("d" + step, "node-" + (step + 1))));
            case 1 -> get(journal().append(traceId, List.of(note("n" + step))));
            case 2 -> get(traces().resume(traceId, LONG / 2));
            case 3 -> get(journal().append(traceId, List.of(rest(step % 2 == 0 ? null : Samples.RESTED))));
            case 4 ->
                get(traces().append(Samples.outcome(traceId, step, Outcome.FAULT)
                        .withFailure(new Failure("f", null, "d"))));
            default -> get(traces().append(step(traceId, step)));
        }
    }

    @Test
    void S5_the_rules_of_traces_hold_on_top_of_a_snapshot() {
        appendMany(TRACE, 0, LONG);
        run(traces().saveIntervention(TRACE, decision("early", "node-3")));
        assertThat(get(snapshots().take(TRACE, 10))).isTrue();
        ReactiveStore another = open();
        // each as a process that has nothing of the trace in memory
        assertThat(get(open().traces().append(step(TRACE, 7)))).isEqualTo(8);
        run(open().traces().saveIntervention(TRACE, decision("early", "node-3")));
        assertThat(get(open().traces().append(step(TRACE, LONG)))).isEqualTo(LONG + 2);
        assertThat(get(another.traces().resume(TRACE, 5)).anchorPayload())
                .isEqualTo(step(TRACE, 5).payload());
        assertThat(load(open(), TRACE).envelopes()).hasSize(6);
        assertThat(get(another.traces().append(step(TRACE, 6)))).isEqualTo(LONG + 4);
        assertThat(entries(store(), TRACE)).hasSize(LONG + 4);
    }

    @Test
    void S6_a_snapshot_is_taken_only_if_the_last_one_is_far() {
        assertThat(get(snapshots().take("nobody", 1))).isFalse();
        appendMany(TRACE, 0, LONG);
        assertThat(get(snapshots().take(TRACE, LONG + 1))).isFalse();
        assertThat(latest(OWN)).isEmpty();
        assertThat(get(snapshots().take(TRACE, LONG))).isTrue();
        assertThat(latest(OWN)).map(Snapshot::position).contains((long) LONG);
        appendMany(TRACE, LONG, 20);
        // what it would hold is far more than what has come since
        assertThat(get(snapshots().take(TRACE, 10))).isFalse();
        get(journal().replace(TRACE, LONG + 20, List.of(recorded(step(TRACE, 0)))));
        assertThat(get(snapshots().take(TRACE, 10))).isTrue();
        assertThat(load(open(), TRACE).envelopes()).containsExactly(step(TRACE, 0));
        assertThat(get(snapshots().take(TRACE, 10))).isFalse();
    }

    @Test
    void S7_who_appends_while_a_snapshot_is_taken_is_not_in_its_way() {
        appendMany(TRACE, 0, LONG);
        Snapshots another = snapshots(open());
        List<Mono<?>> calls = new ArrayList<>();
        for (int n = 0; n < 30; n++) {
            calls.add(traces().append(step(TRACE, LONG + n)).subscribeOn(Schedulers.parallel()));
            if (n % 5 == 0) {
                calls.add(another.take(TRACE, 1).subscribeOn(Schedulers.parallel()));
            }
        }
        run(Mono.when(calls));
        PersistedTrace quick = load(open(), TRACE);
        assertThat(quick.position()).isEqualTo(LONG + 30);
        fixture().corruptSnapshot(TRACE, OWN);
        assertThat(load(open(), TRACE)).isEqualTo(quick);
    }
}
