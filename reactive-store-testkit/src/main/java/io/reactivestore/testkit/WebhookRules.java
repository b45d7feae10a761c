package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.letter;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.DeliveryNotFoundException;
import io.reactivestore.error.DeliveryStateException;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The facet WEBHOOKS. W1: a delivery is there if and only if the entries it left with are. W2: what is refused or absorbed sends
 * nothing. W3: what is there stays as it is. W4: what is due is handed out. W5: what an attempt came to is recorded. W6: of several
 * at once, one has a delivery. W7: what failed can be made due again.
 */
abstract class WebhookRules extends Subject {

    private static final Instant NOW = AT.plusSeconds(5_000);
    private static final Instant UNTIL = NOW.plusSeconds(60);
    private static final Set<String> BILLING = Set.of("billing");
    private static final DeliveryAttempt OK = new DeliveryAttempt(NOW, 204, null, Duration.ofMillis(12));
    private static final DeliveryAttempt BAD = new DeliveryAttempt(NOW, 500, null, Duration.ofMillis(7));
    private static final DeliveryAttempt REFUSED =
            new DeliveryAttempt(NOW, null, "java.net.ConnectException", Duration.ZERO);

    WebhookRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheFacet() {
        webhooks(store());
    }

    @Test
    void W1_a_delivery_is_there_with_the_entry_it_left_with() {
        append(0);
        Delivery delivery = delivery("d", TRACE, AT);
        get(send(store(), delivery));
        assertThat(load(open(), TRACE).completion()).isEqualTo(end(CompletionState.SUCCESS));
        assertThat(find(open(), "d")).isEqualTo(delivery);
        assertThat(get(webhooks(open()).ofTrace(TRACE).collectList())).containsExactly(delivery);
        assertThat(get(webhooks(open()).attempts("d").collectList())).isEmpty();
    }

    @Test
    void W1_letters_and_deliveries_leave_together() {
        append(0);
        Delivery one = delivery("one", TRACE, AT);
        Delivery another = delivery("another", TRACE, AT);
        get(journal()
                .appendAfter(
                        TRACE,
                        Long.MAX_VALUE,
                        List.of(completed(CompletionState.FAULT)),
                        List.of(
                                new Outgoing.ToWebhook(one),
                                new Outgoing.ToDeadLetters(letter(TRACE)),
                                new Outgoing.ToWebhook(another))));
        assertThat(get(webhooks(open()).ofTrace(TRACE).collectList())).containsExactly(another, one);
        assertThat(get(letters(open()).find(TRACE))).isEqualTo(letter(TRACE));
    }

    @Test
    void W1_every_field_survives() {
        int i = 0;
        for (Payload body : Samples.extremePayloads()) {
            String traceId = i == 0 ? Samples.HOSTILE_ID : "trace-" + i;
            Instant at = Samples.EXTREME_TIMES.get(i);
            Delivery delivery =
                    Delivery.due("d-" + i + "'\"", traceId, "o'rder", "v\"1", "bill'ing", "SUC CESS", body, at);
            get(traces().append(step(traceId, 0)));
            get(send(store(), delivery));
            assertThat(find(open(), delivery.id())).isEqualTo(delivery);
            assertThat(find(open(), delivery.id()).body().isIntact()).isTrue();
            i++;
        }
    }

    @Test
    void W2_what_is_refused_or_absorbed_sends_nothing() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        refused(TraceCompletedException.class, send(store(), delivery("of ended", TRACE, AT)));
        get(traces().append(step("taken over", 0)));
        get(open().traces().resume("taken over", 0));
        refused(ClaimLostException.class, send(store(), delivery("of taken over", "taken over", AT)));
        get(traces().append(step("done", 0)));
        run(traces().complete("done", end(CompletionState.SUCCESS)));
        get(send(store(), delivery("of done", "done", AT)));
        for (String id : List.of("of ended", "of taken over", "of done")) {
            assertThat(webhooks(open()).find(id).blockOptional(HANG)).isEmpty();
        }
        assertThat(get(webhooks(open()).counts())).containsEntry(DeliveryState.PENDING, 0L);
    }

    @Test
    void W2_who_ends_a_trace_that_another_has_ended_meanwhile_sends_nothing() {
        ReactiveStore another = open();
        append(0);
        get(another.traces().append(step(TRACE, 1)));
        get(send(store(), delivery("first", TRACE, AT)));
        // knows the trace as it was before
        get(send(another, delivery("late", TRACE, AT)));
        assertThat(get(webhooks(open()).ofTrace(TRACE).collectList()))
                .extracting(Delivery::id)
                .containsExactly("first");
    }

    @Test
    void W2_of_two_processes_that_end_a_trace_one_sends() {
        ReactiveStore another = open();
        int rounds = STRESS ? 500 : 20;
        for (int i = 0; i < rounds; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            Answer.together(
                    List.of(send(store(), delivery(id + "-a", id, AT)), send(another, delivery(id + "-b", id, AT))));
            assertThat(get(webhooks(open()).ofTrace(id).collectList())).hasSize(1);
        }
    }

    @Test
    void W3_a_delivery_that_is_there_stays_as_it_is() {
        append(0);
        get(journal()
                .appendAfter(
                        TRACE,
                        Long.MAX_VALUE,
                        List.of(note("n")),
                        List.of(new Outgoing.ToWebhook(delivery("d", TRACE, AT)))));
        Delivery done = get(webhooks(store()).delivered(claim(store(), 1).get(0), OK));
        get(send(store(), delivery("d", TRACE, AT.plusSeconds(9))));
        assertThat(find(open(), "d")).isEqualTo(done);
        assertThat(load(open(), TRACE).completion()).isNotNull();
    }

    @Test
    void W3_a_delivery_of_another_trace_with_the_same_id_stays_as_it_is() {
        Delivery first = sent("d", NOW);
        get(traces().append(step("another", 0)));
        get(send(store(), delivery("d", "another", NOW)));
        assertThat(find(open(), "d")).isEqualTo(first);
        assertThat(get(webhooks(open()).ofTrace("another").collectList())).isEmpty();
        assertThat(claim(store(), 10)).hasSize(1);
    }

    @Test
    void W4_what_is_due_is_handed_out_the_longest_overdue_first() {
        sent("late", NOW.minusSeconds(3));
        sent("now", NOW);
        sent("later", NOW.minusSeconds(1));
        sent("latest", NOW.minusSeconds(5));
        sent("future", NOW.plusNanos(1_000));
        assertThat(claim(open(), 2)).extracting(Delivery::id).containsExactly("latest", "late");
        assertThat(claim(open(), 5)).extracting(Delivery::id).containsExactly("later", "now");
    }

    @Test
    void W4_what_was_handed_out_is_not_handed_out_again_until_the_given_time() {
        Delivery delivery = sent("d", NOW);
        List<Delivery> claimed = claim(store(), 10);
        assertThat(claimed).containsExactly(delivery.next(DeliveryState.PENDING, 0, UNTIL));
        assertThat(find(open(), "d")).isEqualTo(claimed.get(0));
        assertThat(claim(open(), 10)).isEmpty();
        assertThat(get(webhooks(open())
                        .claim(BILLING, UNTIL.minusNanos(1_000), UNTIL, 10)
                        .collectList()))
                .isEmpty();
        assertThat(get(webhooks(open())
                        .claim(BILLING, UNTIL, UNTIL.plusSeconds(60), 10)
                        .collectList()))
                .extracting(Delivery::id)
                .containsExactly("d");
    }

    @Test
    void W4_only_what_is_for_the_endpoints_asked_for_is_handed_out() {
        sent("d", NOW);
        Webhooks webhooks = webhooks(store());
        assertThat(get(webhooks.claim(Set.of("Billing", "other"), NOW, UNTIL, 10)
                        .collectList()))
                .isEmpty();
        assertThat(get(webhooks.claim(Set.of(), NOW, UNTIL, 10).collectList())).isEmpty();
        assertThat(get(webhooks.claim(Set.of("other", "billing"), NOW, UNTIL, 10)
                        .collectList()))
                .hasSize(1);
    }

    @Test
    void W5_a_delivery_that_was_acknowledged_is_over() {
        sent("d", NOW);
        Delivery claimed = claim(store(), 1).get(0);
        Delivery done = get(webhooks(store()).delivered(claimed, OK));
        assertThat(done).isEqualTo(claimed.next(DeliveryState.DELIVERED, 1, null));
        assertThat(find(open(), "d")).isEqualTo(done);
        assertThat(attempts("d")).containsExactly(OK);
        assertThat(get(webhooks(open())
                        .claim(BILLING, NOW.plusSeconds(9_999), NOW.plusSeconds(99_999), 10)
                        .collectList()))
                .isEmpty();
    }

    @Test
    void W5_a_delivery_that_failed_is_due_again_at_its_time_and_every_attempt_is_on_record() {
        sent("d", NOW);
        Instant next = NOW.plusSeconds(5);
        Delivery waiting = get(webhooks(store()).tryAgain(claim(store(), 1).get(0), BAD, next));
        assertThat(waiting.attempts()).isEqualTo(1);
        assertThat(waiting.dueAt()).isEqualTo(next);
        assertThat(claim(store(), 1)).isEmpty();
        Delivery again = get(webhooks(open()).claim(BILLING, next, UNTIL, 10).single());
        get(webhooks(open()).tryAgain(again, REFUSED, UNTIL));
        Delivery last = get(
                webhooks(open()).claim(BILLING, UNTIL, UNTIL.plusSeconds(1), 10).single());
        get(webhooks(open()).delivered(last, OK));
        assertThat(attempts("d")).containsExactly(BAD, REFUSED, OK);
        assertThat(find(open(), "d").attempts()).isEqualTo(3);
    }

    @Test
    void W5_a_delivery_that_is_given_up_leaves_a_dead_letter() {
        sent("d", NOW);
        Delivery failed = get(webhooks(store()).giveUp(claim(store(), 1).get(0), BAD));
        assertThat(failed.state()).isEqualTo(DeliveryState.FAILED);
        assertThat(find(open(), "d")).isEqualTo(failed);
        assertThat(attempts("d")).containsExactly(BAD);
        DeadLetter letter = get(letters(open()).find("d"));
        assertThat(letter.cause()).isEqualTo(DeadLetterCause.DELIVERY);
        assertThat(letter.traceId()).isEqualTo(failed.traceId());
        assertThat(letter.state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(Objects.requireNonNull(letter.failure()).message()).contains("billing", "status 500");
    }

    @Test
    void W5_who_lost_the_claim_records_nothing() {
        sent("d", NOW);
        Delivery lost = claim(store(), 1).get(0);
        Delivery current = get(
                webhooks(open()).claim(BILLING, UNTIL, UNTIL.plusSeconds(60), 1).single());
        refused(DeliveryStateException.class, webhooks(store()).delivered(lost, OK));
        refused(DeliveryStateException.class, webhooks(store()).tryAgain(lost, BAD, UNTIL));
        refused(DeliveryStateException.class, webhooks(store()).giveUp(lost, BAD));
        assertThat(find(open(), "d")).isEqualTo(current);
        assertThat(attempts("d")).isEmpty();
        assertThat(letters(open()).find("d").blockOptional(HANG)).isEmpty();
        get(webhooks(open()).delivered(current, OK));
        assertThat(refused(DeliveryStateException.class, webhooks(store()).delivered(current, OK))
                        .found())
                .isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void W6_many_askers_are_handed_each_delivery_once() {
        int deliveries = STRESS ? 500 : 60;
        for (int i = 0; i < deliveries; i++) {
            sent("d-" + i, NOW.minusSeconds(i % 7));
        }
        List<Webhooks> askers = List.of(webhooks(store()), webhooks(open()), webhooks(open()));
        List<String> handedOut = new ArrayList<>();
        for (int round = 0; handedOut.size() < deliveries && round < 100; round++) {
            List<Mono<?>> asking = IntStream.range(0, 9)
                    .<Mono<?>>mapToObj(n -> askers.get(n % askers.size())
                            .claim(BILLING, NOW, UNTIL, 5)
                            .map(Delivery::id)
                            .collectList())
                    .toList();
            for (Answer answer : Answer.together(asking)) {
                assertThat(answer.refusal()).isNull();
                for (Object id : (List<?>) Objects.requireNonNull(answer.value())) {
                    handedOut.add(String.valueOf(id));
                }
            }
        }
        assertThat(handedOut).hasSize(deliveries).doesNotHaveDuplicates();
    }

    @Test
    void W6_of_two_who_record_the_same_attempt_one_does() {
        for (int i = 0; i < (STRESS ? 200 : 10); i++) {
            String id = "d-" + i;
            sent(id, NOW);
            Delivery claimed = claim(store(), 1).get(0);
            List<Answer> answers = Answer.together(List.of(
                    webhooks(store()).delivered(claimed, OK),
                    webhooks(open()).tryAgain(claimed, BAD, NOW.plusSeconds(9_999)),
                    webhooks(open()).giveUp(claimed, REFUSED)));
            assertThat(answers)
                    .filteredOn(Answer::isAccepted)
                    .hasSize(1)
                    .allMatch(answer -> find(open(), id).equals(answer.value()));
            assertThat(attempts(id)).hasSize(1);
            assertThat(letters(open()).find(id).blockOptional(HANG).isPresent())
                    .isEqualTo(find(open(), id).state() == DeliveryState.FAILED);
        }
    }

    @Test
    void W7_what_failed_is_made_due_again_and_keeps_its_attempts() {
        sent("d", NOW);
        refused(DeliveryStateException.class, webhooks(store()).redeliver("d", UNTIL));
        get(webhooks(store()).giveUp(claim(store(), 1).get(0), BAD));
        Delivery again = get(webhooks(store()).redeliver("d", UNTIL));
        assertThat(again.state()).isEqualTo(DeliveryState.PENDING);
        assertThat(again.attempts()).isZero();
        assertThat(again.dueAt()).isEqualTo(UNTIL);
        Delivery claimed = get(
                webhooks(open()).claim(BILLING, UNTIL, UNTIL.plusSeconds(60), 1).single());
        get(webhooks(open()).giveUp(claimed, REFUSED));
        assertThat(attempts("d")).containsExactly(BAD, REFUSED);
        assertThat(get(letters(open()).find("d")).revision()).isEqualTo(2);
    }

    @Test
    void W7_counts_tell_how_many_there_are_in_each_state() {
        assertThat(get(webhooks(store()).counts()))
                .isEqualTo(Map.of(DeliveryState.PENDING, 0L, DeliveryState.DELIVERED, 0L, DeliveryState.FAILED, 0L));
        Stream.of("a", "b", "c", "d").forEach(id -> sent(id, NOW));
        List<Delivery> claimed = claim(store(), 3);
        get(webhooks(store()).delivered(claimed.get(0), OK));
        get(webhooks(store()).giveUp(claimed.get(1), BAD));
        assertThat(get(webhooks(open()).counts()))
                .isEqualTo(Map.of(DeliveryState.PENDING, 2L, DeliveryState.DELIVERED, 1L, DeliveryState.FAILED, 1L));
    }

    @Test
    void C1_nothing_is_claimed_before_subscription() {
        Delivery delivery = sent("d", NOW);
        Webhooks webhooks = webhooks(store());
        assertThat(List.of(
                        webhooks.claim(BILLING, NOW, UNTIL, 1),
                        webhooks.delivered(delivery, OK),
                        webhooks.giveUp(delivery, BAD),
                        webhooks.redeliver("d", NOW)))
                .hasSize(4);
        assertThat(find(open(), "d")).isEqualTo(delivery);
    }

    @Test
    void C3_a_cancelled_claim_happened_or_did_not_and_runs_out() {
        for (int i = 0; i < (STRESS ? 500 : 20); i++) {
            sent("d-" + i, NOW);
            webhooks(store()).claim(BILLING, NOW, UNTIL, 1).subscribe().dispose();
            Instant later = UNTIL;
            Delivery claimed = get(webhooks(open())
                    .claim(BILLING, later, later.plusSeconds(60), 10)
                    .singleOrEmpty()
                    .repeatWhenEmpty(looks -> looks)); // what the cancelled one still holds is passed over
            get(webhooks(open()).delivered(claimed, OK));
        }
    }

    @Test
    void C4_an_unknown_delivery_is_empty_when_looked_up_and_refused_when_moved() {
        append(0);
        Webhooks webhooks = webhooks(store());
        assertThat(webhooks.find("x").blockOptional(HANG)).isEmpty();
        assertThat(get(webhooks.attempts("x").collectList())).isEmpty();
        assertThat(get(webhooks.ofTrace("x").collectList())).isEmpty();
        refused(DeliveryNotFoundException.class, webhooks.redeliver("x", NOW));
        refused(DeliveryNotFoundException.class, webhooks.delivered(delivery("x", TRACE, AT), OK));
    }

    @Test
    void C5_an_illegal_argument_throws_at_the_call() {
        Webhooks webhooks = webhooks(store());
        throwsAtTheCall(() -> webhooks.find(""));
        throwsAtTheCall(() -> webhooks.ofTrace(""));
        throwsAtTheCall(() -> webhooks.claim(BILLING, NOW, UNTIL, 0));
        throwsAtTheCall(() -> webhooks.claim(BILLING, NOW, UNTIL, Webhooks.MAX_LIMIT + 1));
        throwsAtTheCall(() -> webhooks.claim(Set.of(""), NOW, UNTIL, 1));
        throwsAtTheCall(() -> webhooks.claim(missing(), NOW, UNTIL, 1));
        throwsAtTheCall(() -> webhooks.delivered(missing(), OK));
        throwsAtTheCall(() -> webhooks.giveUp(delivery("d", TRACE, AT), missing()));
        throwsAtTheCall(() -> webhooks.tryAgain(delivery("d", TRACE, AT), OK, missing()));
        throwsAtTheCall(() -> webhooks.redeliver("d", missing()));
        throwsAtTheCall(() -> new DeliveryAttempt(NOW, 99, null, Duration.ZERO));
        throwsAtTheCall(() -> new DeliveryAttempt(NOW, 200, null, Duration.ofMillis(-1)));
    }

    @Test
    void W4_a_closed_store_hands_nothing_out() {
        sent("d", NOW);
        ReactiveStore closed = open();
        Webhooks webhooks = webhooks(closed);
        run(closed.close());
        refused(
                StoreClosedException.class,
                webhooks.claim(BILLING, NOW, UNTIL, 1).collectList());
        refused(StoreClosedException.class, webhooks.find("d"));
        refused(StoreClosedException.class, webhooks.redeliver("d", NOW));
        assertThat(claim(open(), 1)).hasSize(1);
    }

    private static void throwsAtTheCall(Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run);
    }

    private static Delivery delivery(String id, String traceId, Instant at) {
        return Delivery.due(
                id, traceId, Samples.WORKFLOW, "1", "billing", "SUCCESS", Payload.json("{\"of\":\"" + id + "\"}"), at);
    }

    private Delivery sent(String id, Instant at) {
        String traceId = "trace of " + id;
        Delivery delivery = delivery(id, traceId, at);
        get(traces().append(step(traceId, 0)));
        get(send(store(), delivery));
        return delivery;
    }

    private static Mono<Long> send(ReactiveStore store, Delivery delivery) {
        return journal(store)
                .appendAfter(
                        delivery.traceId(),
                        Long.MAX_VALUE,
                        List.of(completed(CompletionState.SUCCESS)),
                        List.of(new Outgoing.ToWebhook(delivery)));
    }

    private static List<Delivery> claim(ReactiveStore store, int limit) {
        return get(webhooks(store).claim(BILLING, NOW, UNTIL, limit).collectList());
    }

    private static Delivery find(ReactiveStore store, String id) {
        return get(webhooks(store).find(id));
    }

    private List<DeliveryAttempt> attempts(String id) {
        return get(webhooks(open()).attempts(id).collectList());
    }
}
