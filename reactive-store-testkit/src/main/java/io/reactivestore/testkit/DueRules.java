package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.ofWorkflow;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.claims.Claims;
import io.reactivestore.error.StoreClosedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The facet CLAIMS: heartbeats, what is due, and how far journals have got. */
abstract class DueRules extends Subject {

    private static final Instant NOW = AT.plusSeconds(10_000);
    private static final Instant RESERVED = NOW.plusSeconds(30);
    private static final Set<String> ORDERS = Set.of(Samples.WORKFLOW);

    DueRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void CLAIMS_due_hands_out_what_waits_and_whose_time_has_come() {
        waiting("past", NOW.minusSeconds(1));
        waiting("now", NOW);
        waiting("future", NOW.plusNanos(1_000));
        waiting("undated", null);
        get(traces().append(step("running", 0)));
        waiting("ended", NOW.minusSeconds(1));
        run(traces().complete("ended", end(CompletionState.SUCCESS)));
        assertThat(due(open(), NOW, RESERVED)).containsExactly("past", "now");
    }

    @Test
    void CLAIMS_due_gives_the_heads_as_they_were() {
        waiting(TRACE, NOW);
        TraceHead before = load().head();
        assertThat(heads(store(), NOW, RESERVED, 10)).containsExactly(before);
        assertThat(get(catalog(open()).find(TRACE))).isEqualTo(before.withDueAt(RESERVED));
    }

    @Test
    void CLAIMS_due_hands_out_registered_workflows_only() {
        for (String workflow : List.of("order", "Order", "o'rder", "refund")) {
            get(traces().append(ofWorkflow(workflow, step("trace of " + workflow, 0))));
            get(journal().append("trace of " + workflow, List.of(rest(NOW))));
        }
        Claims claims = claims(store());
        assertThat(ids(get(
                        claims.due(Set.of("order", "o'rder"), NOW, RESERVED, 10).collectList())))
                .containsExactlyInAnyOrder("trace of order", "trace of o'rder");
        assertThat(get(claims.due(Set.of(), NOW, RESERVED, 10).collectList())).isEmpty();
        assertThat(get(claims.due(Set.of("unknown"), NOW, RESERVED, 10).collectList()))
                .isEmpty();
    }

    @Test
    void CLAIMS_due_hands_out_the_longest_overdue_first_and_no_more_than_its_limit() {
        for (int i : new int[] {3, 1, 4, 0, 2, 5}) {
            waiting("trace-" + i, NOW.minusSeconds(100 - i));
        }
        assertThat(ids(heads(store(), NOW, RESERVED, 2))).containsExactly("trace-0", "trace-1");
        assertThat(ids(heads(store(), NOW, RESERVED, 3))).containsExactly("trace-2", "trace-3", "trace-4");
        assertThat(ids(heads(store(), NOW, RESERVED, Claims.MAX_LIMIT))).containsExactly("trace-5");
    }

    @Test
    void CLAIMS_what_was_handed_out_is_not_handed_out_again_until_the_given_time() {
        waiting(TRACE, NOW);
        assertThat(due(store(), NOW, RESERVED)).containsExactly(TRACE);
        assertThat(due(store(), NOW, RESERVED)).isEmpty();
        assertThat(due(open(), RESERVED.minusNanos(1_000), RESERVED.plusSeconds(5)))
                .isEmpty();
        assertThat(due(open(), RESERVED, RESERVED.plusSeconds(5))).containsExactly(TRACE);
        assertThat(due(open(), RESERVED.plusSeconds(4), RESERVED.plusSeconds(9)))
                .isEmpty();
    }

    @Test
    void CLAIMS_a_decision_ends_the_reservation() {
        waiting(TRACE, NOW);
        assertThat(due(store(), NOW, RESERVED)).containsExactly(TRACE);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(due(open(), NOW, RESERVED)).containsExactly(TRACE);
    }

    @Test
    void CLAIMS_many_askers_are_handed_each_trace_once() {
        int traces = STRESS ? 1_000 : 60;
        for (int i = 0; i < traces; i++) {
            waiting("trace-" + i, NOW.minusSeconds(i % 7));
        }
        List<Claims> askers = List.of(claims(store()), claims(open()), claims(open()), claims(open()));
        List<String> handedOut = new ArrayList<>();
        for (int round = 0; handedOut.size() < traces && round < 100; round++) {
            List<Mono<?>> asking = IntStream.range(0, 8)
                    .<Mono<?>>mapToObj(n -> askers.get(n % askers.size())
                            .due(ORDERS, NOW, RESERVED, 5)
                            .map(TraceHead::traceId)
                            .collectList())
                    .toList();
            for (Answer answer : Answer.together(asking)) {
                assertThat(answer.refusal()).isNull();
                for (Object id : (List<?>) Objects.requireNonNull(answer.value())) {
                    handedOut.add(String.valueOf(id));
                }
            }
        }
        assertThat(handedOut).hasSize(traces).doesNotHaveDuplicates();
    }

    @Test
    void CLAIMS_orphans_are_what_a_writer_held_that_said_to_live_and_is_silent() {
        ReactiveStore engine = open();
        beat(engine, NOW.plusSeconds(10));
        get(engine.traces().append(step("orphan", 0)));
        get(engine.traces().append(step("ended", 0)));
        run(engine.traces().complete("ended", end(CompletionState.SUCCESS)));
        get(traces().append(step("of a plain writer", 0)));
        assertThat(due(store(), NOW.plusSeconds(9), RESERVED)).isEmpty();
        assertThat(due(store(), NOW.plusSeconds(10), RESERVED)).containsExactly("orphan");
        assertThat(due(open(), NOW.plusSeconds(20), RESERVED.plusSeconds(60))).isEmpty();
        assertThat(due(open(), RESERVED, RESERVED.plusSeconds(60))).containsExactly("orphan");
    }

    @Test
    void CLAIMS_a_heartbeat_keeps_what_its_writer_holds() {
        ReactiveStore engine = open();
        beat(engine, NOW.plusSeconds(10));
        get(engine.traces().append(step(TRACE, 0)));
        beat(engine, NOW.plusSeconds(20));
        assertThat(due(store(), NOW.plusSeconds(19), RESERVED)).isEmpty();
        assertThat(due(store(), NOW.plusSeconds(20), RESERVED)).containsExactly(TRACE);
    }

    @Test
    void CLAIMS_who_holds_a_trace_now_counts_not_who_started_it() {
        ReactiveStore silent = open();
        ReactiveStore alive = open();
        beat(silent, NOW);
        beat(alive, NOW.plusSeconds(60));
        get(silent.traces().append(step(TRACE, 0)));
        get(alive.traces().resume(TRACE, 0));
        assertThat(due(store(), NOW.plusSeconds(30), RESERVED)).isEmpty();
        assertThat(due(store(), NOW.plusSeconds(60), RESERVED)).containsExactly(TRACE);
    }

    @Test
    void CLAIMS_leaving_makes_due_at_once_what_the_writer_holds() {
        ReactiveStore engine = open();
        beat(engine, NOW.plusSeconds(1_000));
        get(engine.traces().append(step(TRACE, 0)));
        assertThat(due(store(), NOW, RESERVED)).isEmpty();
        run(claims(engine).leave());
        assertThat(due(store(), NOW, RESERVED)).containsExactly(TRACE);
        run(claims(engine).leave());
        beat(engine, RESERVED.plusSeconds(1_000));
        assertThat(due(store(), RESERVED, RESERVED.plusSeconds(5))).isEmpty();
    }

    @Test
    void CLAIMS_leaving_makes_nobody_an_engine() {
        append(0);
        run(claims(store()).leave());
        assertThat(due(open(), NOW, RESERVED)).isEmpty();
    }

    @Test
    void CLAIMS_orphans_come_behind_what_waits_and_within_the_limit() {
        ReactiveStore engine = open();
        beat(engine, NOW);
        for (int i = 0; i < 3; i++) {
            get(engine.traces().append(step("orphan-" + i, 0)));
            waiting("waiting-" + i, NOW.minusSeconds(10 - i));
        }
        assertThat(ids(heads(store(), NOW, RESERVED, 2))).containsExactly("waiting-0", "waiting-1");
        assertThat(ids(heads(store(), NOW, RESERVED, 2))).hasSize(2).startsWith("waiting-2");
        assertThat(ids(heads(store(), NOW, RESERVED, 10))).hasSize(2).allMatch(id -> id.startsWith("orphan-"));
    }

    @Test
    void CLAIMS_a_writer_silent_for_long_is_forgotten_unless_it_holds_a_trace() {
        ReactiveStore idle = open();
        ReactiveStore busy = open();
        beat(idle, NOW);
        beat(busy, NOW);
        get(busy.traces().append(step("of the busy one", 0)));
        Instant later = NOW.plusSeconds(2 * 3_600);
        run(claims(open()).beat("another", later.plusSeconds(10), later));
        get(idle.traces().append(step("of the idle one", 0)));
        assertThat(due(store(), later, later.plusSeconds(30))).containsExactly("of the busy one");
    }

    @Test
    void CLAIMS_positions_tell_how_far_each_known_journal_has_got() {
        append(0, 1, 2);
        get(traces().append(step("another", 0)));
        get(open().traces().append(step("another", 1)));
        Claims claims = claims(open());
        assertThat(get(claims.positions(List.of(TRACE, "another", "unknown", TRACE))))
                .isEqualTo(Map.of(TRACE, 3L, "another", 2L));
        assertThat(get(claims.positions(List.of()))).isEmpty();
        assertThat(get(claims.positions(List.of("unknown")))).isEmpty();
    }

    @Test
    void CLAIMS_positions_of_many_are_told_at_once() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < Claims.MAX_LIMIT; i++) {
            ids.add("trace-" + i);
        }
        get(traces().append(step("trace-7", 0)));
        assertThat(get(claims(store()).positions(ids))).isEqualTo(Map.of("trace-7", 1L));
    }

    @Test
    void C5_an_illegal_question_about_what_is_due_throws_at_the_call() {
        Claims claims = claims(store());
        throwsAtTheCall(() -> claims.due(ORDERS, NOW, RESERVED, 0));
        throwsAtTheCall(() -> claims.due(ORDERS, NOW, RESERVED, Claims.MAX_LIMIT + 1));
        throwsAtTheCall(() -> claims.due(Set.of(""), NOW, RESERVED, 1));
        throwsAtTheCall(() -> claims.due(missing(), NOW, RESERVED, 1));
        throwsAtTheCall(() -> claims.due(ORDERS, missing(), RESERVED, 1));
        throwsAtTheCall(() -> claims.due(ORDERS, NOW, missing(), 1));
        throwsAtTheCall(() -> claims.beat("", NOW, NOW));
        throwsAtTheCall(() -> claims.beat("x".repeat(256), NOW, NOW));
        throwsAtTheCall(() -> claims.beat("name", missing(), NOW));
        throwsAtTheCall(() -> claims.claim(missing(), "me"));
        throwsAtTheCall(() -> claims.positions(List.of("a", "")));
        throwsAtTheCall(() -> claims.positions(IntStream.rangeClosed(0, Claims.MAX_LIMIT)
                .mapToObj(n -> "trace-" + n)
                .toList()));
    }

    @Test
    void C1_no_trace_is_handed_out_and_no_engine_lives_before_subscription() {
        waiting(TRACE, NOW);
        Claims claims = claims(store());
        List<Object> assembled = List.of(
                claims.due(ORDERS, NOW, RESERVED, 10),
                claims.beat("never", NOW, NOW),
                claims.leave(),
                claims.claim(load().head(), "nobody"),
                claims.hints());
        assertThat(assembled).hasSize(5);
        assertThat(load().position()).isEqualTo(2);
        assertThat(due(store(), NOW, RESERVED)).containsExactly(TRACE);
    }

    @Test
    void CLAIMS_a_closed_store_says_so() {
        waiting(TRACE, NOW);
        ReactiveStore closed = open();
        TraceHead head = load().head();
        Claims claims = claims(closed);
        run(closed.close());
        refused(
                StoreClosedException.class,
                claims.due(ORDERS, NOW, RESERVED, 10).collectList());
        refused(StoreClosedException.class, claims.beat("late", NOW, NOW));
        refused(StoreClosedException.class, claims.leave());
        refused(StoreClosedException.class, claims.claim(head, "late"));
        refused(StoreClosedException.class, claims.positions(List.of(TRACE)));
        refused(StoreClosedException.class, claims.hints().next());
    }

    private static void throwsAtTheCall(Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run);
    }

    private void waiting(String traceId, @Nullable Instant dueAt) {
        get(traces().append(step(traceId, 0)));
        get(journal().append(traceId, List.of(rest(dueAt))));
    }

    private static void beat(ReactiveStore engine, Instant until) {
        run(claims(engine).beat("engine", until, NOW));
    }

    private static List<String> due(ReactiveStore store, Instant now, Instant reservedUntil) {
        return ids(get(claims(store).due(ORDERS, now, reservedUntil, 100).collectList()));
    }

    private static List<TraceHead> heads(ReactiveStore store, Instant now, Instant reservedUntil, int limit) {
        return get(claims(store).due(ORDERS, now, reservedUntil, limit).collectList());
    }

    private static List<String> ids(List<TraceHead> heads) {
        return heads.stream().map(TraceHead::traceId).toList();
    }
}
