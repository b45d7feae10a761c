package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.claims.Claims;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceHeldException;
import io.reactivestore.error.TraceNotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** K11: retention in batches; and K9 and K11 when several do it at once. */
abstract class PurgeRules extends Subject {

    private static final int RACES = STRESS ? 500 : 25;

    PurgeRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void K11_only_what_has_ended_goes_whatever_its_age() {
        ended("ended", "order", AT);
        get(traces().append(step("running", 0)));
        get(traces().append(step("resting", 0)));
        get(journal().append("resting", List.of(rest(null))));
        assertThat(purged(PurgePolicy.ended())).isEqualTo(1);
        assertThat(left()).containsExactlyInAnyOrder("running", "resting");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurgePolicy.ended().withStatuses(TraceStatus.RUNNING));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurgePolicy.ended().withStatuses(TraceStatus.SUCCESS, TraceStatus.WAITING));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurgePolicy.ended().withBatchSize(0));
    }

    @Test
    void K11_age_and_status_are_conditions_both() {
        for (CompletionState state : CompletionState.values()) {
            get(traces().append(step("old-" + state, 0)));
            run(traces().complete("old-" + state, state));
        }
        ended("at", "order", AT.plusSeconds(10));
        ended("young", "order", AT.plusSeconds(11));
        PurgePolicy policy =
                PurgePolicy.createdBefore(AT.plusSeconds(10)).withStatuses(TraceStatus.SUCCESS, TraceStatus.TIMED_OUT);
        assertThat(purged(policy)).isEqualTo(2);
        assertThat(left()).containsExactlyInAnyOrder("old-FAULT", "old-CANCELLED", "old-COMPENSATED", "at", "young");
    }

    @Test
    void K11_the_newest_stay() {
        for (int i = 0; i < 9; i++) {
            ended("trace-" + i, "order", AT.plusSeconds(i / 2));
        }
        get(traces().append(step("running", 0)));
        assertThat(purged(PurgePolicy.ended().keeping(20))).isZero();
        assertThat(purged(PurgePolicy.ended().keeping(3).withBatchSize(2))).isEqualTo(6);
        assertThat(left()).containsExactlyInAnyOrder("trace-8", "trace-7", "trace-6", "running");
        assertThat(purged(PurgePolicy.createdBefore(AT.plusSeconds(4)).keeping(2)))
                .isEqualTo(1);
        assertThat(left()).containsExactlyInAnyOrder("trace-8", "trace-7", "running");
    }

    @Test
    void K11_the_newest_of_each_workflow_stay() {
        for (int i = 0; i < 4; i++) {
            ended("order-" + i, "order", AT.plusSeconds(i));
            ended("Order-" + i, "Order", AT.minusSeconds(i));
        }
        ended("refund", "refund", AT.minusSeconds(100));
        assertThat(purged(PurgePolicy.ended().keepingOfEachWorkflow(2))).isEqualTo(4);
        assertThat(left()).containsExactlyInAnyOrder("order-3", "order-2", "Order-0", "Order-1", "refund");
        assertThat(purged(PurgePolicy.ended().keepingOfEachWorkflow(0))).isEqualTo(5);
    }

    @Test
    void K11_each_batch_tells_how_many_it_deleted() {
        for (int i = 0; i < 7; i++) {
            ended("trace-" + i, "order", AT.plusSeconds(i));
        }
        assertThat(get(catalog(store())
                        .purge(PurgePolicy.ended().withBatchSize(3))
                        .collectList()))
                .containsExactly(3L, 3L, 1L);
        assertThat(get(catalog(store()).purge(PurgePolicy.ended()).collectList()))
                .isEmpty();
    }

    @Test
    void K11_after_cancel_no_further_batch_begins() {
        for (int i = 0; i < 40; i++) {
            ended("trace-" + i, "order", AT.plusSeconds(i));
        }
        StepVerifier.create(catalog(store()).purge(PurgePolicy.ended().withBatchSize(2)), 0)
                .thenRequest(1)
                .expectNext(2L)
                .thenCancel()
                .verify(HANG);
        awaitNoConnectionInUse();
        assertThat(left()).hasSizeBetween(34, 38);
        assertThat(left()).contains("trace-0").doesNotContain("trace-39");
    }

    @Test
    void K11_two_purges_at_once_delete_each_trace_once() {
        int traces = STRESS ? 1_000 : 60;
        for (int i = 0; i < traces; i++) {
            ended("trace-" + i, "order", AT.plusSeconds(i % 7));
        }
        List<Catalog> catalogs = List.of(catalog(store()), catalog(open()), catalog(store()), catalog(open()));
        List<Mono<Long>> purges = catalogs.stream()
                .map(catalog ->
                        catalog.purge(PurgePolicy.ended().withBatchSize(5)).reduce(0L, Long::sum))
                .toList();
        long deleted =
                Answer.together(purges).stream().mapToLong(Answer::position).sum();
        assertThat(deleted).isEqualTo(traces);
        assertThat(left()).isEmpty();
    }

    @Test
    void K9_of_many_deletions_of_one_trace_one_deletes_it() {
        Catalog other = catalog(open());
        for (int race = 0; race < RACES; race++) {
            ended("trace-" + race, "order", AT);
            String traceId = "trace-" + race;
            List<Answer> answers = Answer.together(IntStream.range(0, 6)
                    .mapToObj(i -> (i % 2 == 0 ? catalog(store()) : other).delete(traceId))
                    .toList());
            assertThat(answers).allMatch(Answer::isAccepted);
            assertThat(answers.stream().filter(answer -> Boolean.TRUE.equals(answer.value())))
                    .hasSize(1);
        }
    }

    @Test
    void K9_a_deletion_and_what_is_written_meanwhile_leave_no_halves() {
        ReactiveStore other = open();
        ReactiveStore third = open();
        for (int race = 0; race < RACES; race++) {
            String traceId = "trace-" + race;
            get(traces().append(step(traceId, 0)));
            get(journal().append(traceId, List.of(rest(null))));
            load(other, traceId);
            List<Answer> answers = Answer.together(List.of(
                    catalog(third).delete(traceId),
                    other.traces().saveIntervention(traceId, decision("d", "node-1")),
                    journal().append(traceId, List.of(note("late"))),
                    other.traces().resume(traceId, 0)));
            boolean wasDeleted = Boolean.TRUE.equals(answers.get(0).value());
            if (!wasDeleted) {
                assertThat(answers.get(0).refusal()).as("%s", answers).isInstanceOf(TraceHeldException.class);
                assertThat(answers.get(3).isAccepted()).isTrue();
            }
            for (Answer answer : answers.subList(1, 4)) {
                if (!answer.isAccepted() && wasDeleted) {
                    assertThat(answer.refusal())
                            .isInstanceOfAny(TraceNotFoundException.class, ClaimLostException.class);
                }
            }
            isWholeOrGone(traceId, wasDeleted);
        }
    }

    @Test
    void K9_a_claim_or_a_deletion_but_not_both() {
        Instant now = AT.plusSeconds(1_000);
        Claims claims = claims(open());
        for (int race = 0; race < RACES; race++) {
            String traceId = "trace-" + race;
            get(traces().append(step(traceId, 0)));
            get(journal().append(traceId, List.of(rest(now))));
            TraceHead due = get(claims.due(Set.of(Samples.WORKFLOW), now, now.plusSeconds(30), 1)
                    .next());
            List<Answer> answers =
                    Answer.together(List.of(catalog(store()).delete(traceId), claims.claim(due, "engine")));
            boolean wasDeleted = Boolean.TRUE.equals(answers.get(0).value());
            assertThat(answers.get(1).value() != null).isNotEqualTo(wasDeleted);
            isWholeOrGone(traceId, wasDeleted);
        }
    }

    @Test
    void K11_a_purge_and_a_new_start_of_the_same_id_leave_no_halves() {
        ReactiveStore other = open();
        for (int race = 0; race < RACES; race++) {
            String traceId = "trace-" + race;
            ended(traceId, "order", AT);
            load(other, traceId);
            List<Answer> answers = Answer.together(List.of(
                    catalog(store()).purge(PurgePolicy.ended()).reduce(0L, Long::sum),
                    other.traces().append(step(traceId, 7))));
            assertThat(answers.get(0).position()).isEqualTo(1);
            if (answers.get(1).isAccepted()) {
                assertThat(answers.get(1).position()).isEqualTo(1);
                assertThat(load(open(), traceId).envelopes()).containsExactly(step(traceId, 7));
                run(other.traces().complete(traceId, CompletionState.SUCCESS));
                assertThat(get(catalog(store()).delete(traceId))).isTrue();
            } else {
                assertThat(answers.get(1).refusal()).isInstanceOf(TraceCompletedException.class);
            }
            isWholeOrGone(traceId, true);
        }
    }

    private void isWholeOrGone(String traceId, boolean wasDeleted) {
        Seen seen = seen(traceId);
        assertThat(seen.trace().isEmpty()).as(traceId).isEqualTo(wasDeleted);
        assertThat(seen.head()).isEqualTo(seen.trace().map(trace -> trace.head()));
        assertThat(seen.entries())
                .hasSize(seen.trace().map(trace -> (int) trace.position()).orElse(0));
    }

    private void ended(String traceId, String workflow, Instant at) {
        get(traces().append(PersistenceEnvelope.of(traceId, workflow, 0, "node-0", Outcome.SUCCESS, at)));
        run(traces().complete(traceId, Completion.of(CompletionState.SUCCESS, AT.plusSeconds(60))));
    }

    private long purged(PurgePolicy policy) {
        return get(catalog(store()).purge(policy).reduce(0L, Long::sum));
    }

    private List<String> left() {
        return get(catalog(open()).ids().collectList());
    }
}
