package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.claims.Claims;
import io.reactivestore.error.TraceHeldException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** K9 and K10: what is deleted is gone as a whole, for everybody, and its id is free. */
abstract class DeleteRules extends Subject {

    private static final Instant NOW = Instant.now();

    DeleteRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void K9_everything_of_a_trace_goes_and_nothing_of_another() {
        Catalog catalog = catalog(store());
        for (String id : List.of(TRACE, "trace-", "trace-11")) {
            get(traces().append(step(id, 0)));
            run(traces().saveIntervention(id, decision("d", "node-1")));
            get(catalog.update(id, tags -> tags.withSource("web")));
            run(traces().complete(id, end(CompletionState.SUCCESS)));
        }
        Seen other = seen("trace-11");
        assertThat(get(catalog.delete(TRACE))).isTrue();
        isGone(TRACE);
        assertThat(catalog.tags(TRACE).blockOptional(HANG)).isEmpty();
        assertThat(get(catalog.list(TraceQuery.of(TraceFilter.ALL.withSource("web"), 10))
                        .map(TraceHead::traceId)
                        .collectList()))
                .containsExactly("trace-11", "trace-");
        assertThat(seen("trace-11")).isEqualTo(other);
        assertThat(get(catalog.tags("trace-")).source()).isEqualTo("web");
    }

    @Test
    void K9_a_deletion_takes_its_letters_deliveries_facts_and_snapshots_along() {
        append(0, 1);
        Delivery delivery =
                Delivery.due("d", TRACE, Samples.WORKFLOW, "1", "billing", "SUCCESS", Payload.json("{}"), Samples.AT);
        Payload content = Payload.json("[1]");
        get(facts(store()).put(TRACE, content));
        assertThat(get(snapshots(store()).save(TRACE, 2, "own", content))).isTrue();
        get(journal()
                .appendAfter(
                        TRACE,
                        2,
                        List.of(rest(null)),
                        List.of(new Outgoing.ToWebhook(delivery), new Outgoing.ToDeadLetters(Samples.letter(TRACE)))));
        assertThat(get(webhooks(store()).find("d"))).isEqualTo(delivery);

        assertThat(get(catalog(open()).delete(TRACE))).isTrue();

        ReactiveStore other = open();
        assertThat(letters(other).find(TRACE).blockOptional(HANG)).isEmpty();
        assertThat(webhooks(other).find("d").blockOptional(HANG)).isEmpty();
        assertThat(snapshots(other).latest(TRACE, "own").blockOptional(HANG)).isEmpty();
        Instant later = Samples.AT.plus(Duration.ofDays(365_000));
        get(facts(other).sweep(later, 100));
        assertThat(facts(other).get(content.hash()).blockOptional(HANG)).isEmpty();
    }

    @Test
    void K9_a_delivery_that_is_given_up_while_its_trace_is_deleted_leaves_nothing() {
        Webhooks sender = webhooks(open());
        DeliveryAttempt refused = new DeliveryAttempt(Samples.AT, 500, null, Duration.ZERO);
        for (int i = 0; i < (STRESS ? 500 : 25); i++) {
            String id = "trace-" + i;
            Delivery delivery = Delivery.due(
                    "d-" + i, id, Samples.WORKFLOW, "1", "billing", "SUCCESS", Payload.json("{}"), Samples.AT);
            get(traces().append(step(id, 0)));
            get(journal()
                    .appendAfter(
                            id,
                            Long.MAX_VALUE,
                            List.of(completed(CompletionState.SUCCESS)),
                            List.of(new Outgoing.ToWebhook(delivery))));
            Answer.together(List.of(catalog(store()).delete(id), sender.giveUp(delivery, refused)));
            assertThat(webhooks(store()).find("d-" + i).blockOptional(HANG)).isEmpty();
            assertThat(letters(store()).find("d-" + i).blockOptional(HANG)).isEmpty();
            assertThat(get(webhooks(store()).attempts("d-" + i).collectList())).isEmpty();
        }
    }

    @Test
    void K9_the_answer_tells_whether_there_was_a_trace() {
        Catalog catalog = catalog(store());
        assertThat(get(catalog.delete(TRACE))).isFalse();
        ended(store(), TRACE);
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        assertThat(get(catalog.delete(TRACE))).isFalse();
    }

    @Test
    void K9_each_way_to_end_and_each_rest_can_be_deleted() {
        for (CompletionState state : CompletionState.values()) {
            get(traces().append(step(state.name(), 0)));
            run(traces().complete(state.name(), end(state)));
            assertThat(get(catalog(open()).delete(state.name()))).isTrue();
            isGone(state.name());
        }
        append(0);
        get(journal().append(TRACE, List.of(rest(NOW))));
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        isGone(TRACE);
        assertThat(get(claims(open())
                        .due(Set.of(Samples.WORKFLOW), NOW.plusSeconds(60), NOW.plusSeconds(90), 10)
                        .collectList()))
                .isEmpty();
    }

    @Test
    void K9_a_trace_that_runs_stays_as_it_is() {
        append(0);
        Seen before = seen(TRACE);
        TraceHeldException refusal =
                refused(TraceHeldException.class, catalog(open()).delete(TRACE));
        assertThat(refusal.traceId()).isEqualTo(TRACE);
        assertThat(refusal.holder()).isEqualTo(writer(TRACE, 1));
        assertThat(refusal.isTransient()).isFalse();
        refused(TraceHeldException.class, catalog(store()).delete(TRACE));
        assertThat(seen(TRACE)).isEqualTo(before);
        assertThat(append(1)).isEqualTo(2);
    }

    @Test
    void K9_what_a_living_engine_runs_stays_and_what_a_silent_one_ran_goes() {
        ReactiveStore engine = open();
        run(claims(engine).beat("engine", NOW.plusSeconds(3_600), NOW));
        get(engine.traces().append(step(TRACE, 0)));
        refused(TraceHeldException.class, catalog(store()).delete(TRACE));
        run(claims(engine).beat("engine", NOW.minusSeconds(1), NOW));
        assertThat(get(catalog(store()).delete(TRACE))).isTrue();
        isGone(TRACE);
        refused(TraceNotFoundException.class, journal(engine).append(TRACE, List.of(note("I was only slow"))));
        isGone(TRACE);
        assertThat(get(engine.traces().append(step(TRACE, 1)))).isEqualTo(1);
    }

    @Test
    void K9_no_process_writes_to_a_trace_that_ended_and_was_deleted() {
        append(0, 1, 2);
        ReactiveStore other = open();
        load(other, TRACE);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        ReactiveStore third = open();
        load(third, TRACE);
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        for (ReactiveStore stale : List.of(store(), other, third)) {
            findsNothing(stale, TRACE);
        }
        isGone(TRACE);
    }

    @Test
    void K9_no_process_writes_to_a_trace_that_rested_and_was_deleted() {
        append(0, 1);
        ReactiveStore other = open();
        load(other, TRACE);
        get(journal().append(TRACE, List.of(rest(null))));
        ReactiveStore third = open();
        load(third, TRACE);
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        for (ReactiveStore stale : List.of(store(), other, third)) {
            findsNothing(stale, TRACE);
        }
        isGone(TRACE);
    }

    @Test
    void K9_a_writer_that_was_displaced_does_not_write_to_what_is_gone() {
        append(0, 1, 2);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 1));
        get(other.traces().append(step(TRACE, 2)));
        run(other.traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(catalog(other).delete(TRACE))).isTrue();
        isGone(TRACE);
        findsNothing(store(), TRACE);
        isGone(TRACE);
    }

    @Test
    void K9_nor_if_it_had_read_on_before_it_was_displaced() {
        append(0, 1);
        ReactiveStore other = open();
        run(other.traces().saveIntervention(TRACE, decision("a", "node-2")));
        run(other.traces().saveIntervention(TRACE, decision("b", "node-2")));
        load();
        run(other.traces().saveIntervention(TRACE, decision("c", "node-2")));
        run(other.traces().complete(TRACE, end(CompletionState.CANCELLED)));
        assertThat(get(catalog(other).delete(TRACE))).isTrue();
        findsNothing(store(), TRACE);
        isGone(TRACE);
    }

    @Test
    void K9_nor_if_another_ended_it_without_taking_it_over() {
        append(0, 1);
        ReactiveStore other = open();
        get(other.traces().append(step(TRACE, 2)));
        load();
        get(other.traces().append(step(TRACE, 3)));
        get(other.traces().append(step(TRACE, 4)));
        run(other.traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(catalog(other).delete(TRACE))).isTrue();
        findsNothing(store(), TRACE);
        isGone(TRACE);
    }

    @Test
    void K9_the_id_is_free_for_a_new_trace_in_every_process() {
        ReactiveStore other = open();
        ReactiveStore third = open();
        for (int round = 0; round < 4; round++) {
            ReactiveStore starter = List.of(store(), other, third).get(round % 3);
            assertThat(get(starter.traces().append(step(TRACE, round)))).isEqualTo(1);
            assertThat(load(open(), TRACE).envelopes()).containsExactly(step(TRACE, round));
            load(store(), TRACE);
            load(other, TRACE);
            run(starter.traces().complete(TRACE, end(CompletionState.SUCCESS)));
            load(third, TRACE);
            assertThat(get(catalog(other).delete(TRACE))).isTrue();
        }
        isGone(TRACE);
    }

    @Test
    void K9_a_new_trace_grows_beyond_the_old_one_whoever_was_displaced_from_that() {
        append(0, 1, 2);
        ReactiveStore other = open();
        get(journal(other).append(TRACE, List.of(claim("other"))));
        run(other.traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(catalog(other).delete(TRACE))).isTrue();
        ReactiveStore third = open();
        for (int n = 0; n < 12; n++) {
            assertThat(get(third.traces().append(step(TRACE, n)))).isEqualTo(n + 1);
        }
        assertThat(entries(open(), TRACE)).extracting(JournalEntry::position).hasSize(12);
        assertThat(get(claims(open()).positions(List.of(TRACE)))).containsEntry(TRACE, 12L);
        assertThat(get(traces().append(step(TRACE, 12)))).isEqualTo(13);
        run(third.traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(catalog(store()).delete(TRACE))).isTrue();
        isGone(TRACE);
    }

    @Test
    void K9_a_claim_of_what_is_gone_claims_nothing() {
        append(0);
        get(journal().append(TRACE, List.of(rest(NOW))));
        Claims claims = claims(open());
        TraceHead due = get(claims.due(Set.of(Samples.WORKFLOW), NOW, NOW.plusSeconds(30), 1)
                .next());
        assertThat(get(catalog(store()).delete(TRACE))).isTrue();
        assertThat(claims.claim(due, "me").blockOptional(HANG)).isEmpty();
        isGone(TRACE);
    }

    @Test
    void K10_clear_leaves_what_runs_and_tells_how_many_are_gone() {
        for (int i = 0; i < 120; i++) {
            ended(store(), "ended-" + i);
        }
        get(traces().append(step("resting", 0)));
        get(journal().append("resting", List.of(rest(null))));
        get(traces().append(step("running", 0)));
        assertThat(get(catalog(open()).clear())).isEqualTo(121);
        assertThat(get(catalog(store()).ids().collectList())).containsExactly("running");
        assertThat(get(catalog(store()).clear())).isZero();
        assertThat(get(traces().append(step("running", 1)))).isEqualTo(2);
    }

    private void ended(ReactiveStore store, String traceId) {
        get(store.traces().append(step(traceId, 0)));
        run(store.traces().complete(traceId, end(CompletionState.SUCCESS)));
    }

    /** Whatever it knew, each of its commands finds that there is no such trace. */
    private static void findsNothing(ReactiveStore stale, String traceId) {
        refused(TraceNotFoundException.class, journal(stale).append(traceId, List.of(note("late"))));
        refused(TraceNotFoundException.class, stale.traces().complete(traceId, end(CompletionState.COMPENSATED)));
        refused(TraceNotFoundException.class, stale.traces().saveIntervention(traceId, decision("late", "node-1")));
        refused(TraceNotFoundException.class, stale.traces().resume(traceId, -1));
        assertThat(stale.traces().load(traceId).blockOptional(HANG)).isEmpty();
    }

    private void isGone(String traceId) {
        ReactiveStore witness = open();
        assertThat(seen(witness, traceId).trace()).isEmpty();
        assertThat(seen(witness, traceId).head()).isEmpty();
        assertThat(seen(witness, traceId).entries()).isEmpty();
        witness.find(Capability.CLAIMS)
                .ifPresent(claims ->
                        assertThat(get(claims.positions(List.of(traceId)))).isEmpty());
        assertThat(get(catalog(witness).list(TraceQuery.newest(1_000)).collectList()))
                .extracting(TraceHead::traceId)
                .doesNotContain(traceId);
    }
}
