package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.HOSTILE_ID;
import static io.reactivestore.testkit.Samples.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.error.FactMissingException;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The facet FACTS. Sweeps are told a time that lies before, between or behind what the test did. */
abstract class FactRules extends Subject {

    private static final int ROUNDS = STRESS ? 500 : 25;
    private static final Payload CONTENT = Payload.json("[1, 2, 3]");

    FactRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    private Facts facts() {
        return facts(store());
    }

    private long sweep(Instant before) {
        return get(facts().sweep(before, Facts.MAX_SWEEP));
    }

    private static Instant future() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    private static Instant past() {
        return Instant.now().minus(Duration.ofHours(1));
    }

    /** A time behind all that was done, and not behind anything that is yet to be done. */
    private static Instant between() {
        Instant done = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Instant now = done;
        while (!now.isAfter(done)) {
            now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        }
        return now;
    }

    private Optional<Payload> found(Sha256 key) {
        return facts(open()).get(key).blockOptional(HANG);
    }

    private void appendReference(ReactiveStore store, String traceId, FactReference reference) {
        JournalEvent entry = new JournalEvent.Custom("picture", reference.toPayload(), AT);
        get(journal(store).append(traceId, List.of(entry)));
    }

    /** A trace with one entry that refers to the content. */
    private FactReference traceWith(String traceId, Payload content) {
        get(traces().append(step(traceId, 0)));
        FactReference reference = get(facts().put(traceId, content));
        appendReference(store(), traceId, reference);
        return reference;
    }

    @Test
    void F1_what_is_put_is_found_by_its_hash_to_the_bit_and_by_every_process() {
        for (Payload content : Samples.extremePayloads()) {
            Sha256 key = get(facts().put(content));
            assertThat(key).isEqualTo(content.hash());
            assertThat(found(key).orElseThrow().asByteBuffer()).isEqualTo(content.asByteBuffer());
        }
    }

    @Test
    void F1_the_same_content_is_kept_once_whoever_puts_it() {
        ReactiveStore another = open();
        for (int n = 0; n < 5; n++) {
            assertThat(get(facts().put(CONTENT))).isEqualTo(CONTENT.hash());
            assertThat(get(facts(another).put("trace-" + n, CONTENT)).key()).isEqualTo(CONTENT.hash());
        }
        assertThat(sweep(future())).isEqualTo(1);
    }

    @Test
    void F2_the_first_media_type_stays_and_a_reference_has_its_own() {
        Payload asText = Payload.of(CONTENT.toByteArray(), "text/plain; charset=\"utf-8\"");
        get(facts().put(CONTENT));
        FactReference reference = get(facts().put(TRACE, asText));
        assertThat(get(facts().get(CONTENT.hash()))).isEqualTo(CONTENT);
        assertThat(found(CONTENT.hash())).contains(CONTENT);
        assertThat(get(facts().get(TRACE, reference))).isEqualTo(asText);
        assertThat(FactReference.of(reference.toPayload())).isEqualTo(reference);
    }

    @Test
    void F3_what_is_not_kept_is_empty_by_key_and_an_error_by_reference() {
        Sha256 unknown = Sha256.of("nobody put this".getBytes(UTF_8));
        facts();
        assertThat(found(unknown)).isEmpty();
        FactMissingException missing =
                refused(FactMissingException.class, facts().get(TRACE, new FactReference(unknown, 15, Payload.JSON)));
        assertThat(missing.key()).isEqualTo(unknown.toString());
        assertThat(missing.traceId()).isEqualTo(TRACE);
        assertThat(missing.isTransient()).isFalse();
    }

    @Test
    void F4_a_damaged_fact_is_never_handed_out() {
        Sha256 key = get(facts().put(CONTENT));
        Sha256 sound = get(facts().put(Payload.json("\"sound\"")));
        fixture().corruptFact(key);
        refused(PayloadCorruptedException.class, facts(open()).get(key));
        refused(PayloadCorruptedException.class, facts(open()).get(TRACE, FactReference.to(CONTENT)));
        assertThat(found(sound)).isPresent();
    }

    @Test
    void F5_a_sweep_removes_what_nobody_refers_to_and_no_more_than_it_is_told() {
        for (int n = 0; n < 5; n++) {
            get(facts().put(Payload.json(n + "")));
        }
        assertThat(get(facts().sweep(future(), 2))).isEqualTo(2);
        assertThat(get(facts().sweep(future(), 2))).isEqualTo(2);
        assertThat(get(facts().sweep(future(), 2))).isEqualTo(1);
        assertThat(get(facts().sweep(future(), 2))).isZero();
        assertThat(found(Payload.json("0").hash())).isEmpty();
    }

    @Test
    void F5_a_sweep_leaves_what_was_put_or_noted_since() {
        get(facts().put(CONTENT));
        assertThat(sweep(past())).isZero();
        Instant before = between();
        get(facts().put(CONTENT));
        assertThat(sweep(before)).isZero();
        Instant later = between();
        run(facts().refer(TRACE, List.of(FactReference.to(CONTENT))));
        assertThat(sweep(later)).isZero();
        assertThat(found(CONTENT.hash())).contains(CONTENT);
        assertThat(facts().references(TRACE).collectList().block(HANG)).containsExactly(CONTENT.hash());
    }

    @Test
    void F6_an_entry_keeps_its_fact_even_if_it_is_void() {
        traceWith(HOSTILE_ID, CONTENT);
        FactReference step = get(facts().put(HOSTILE_ID, Payload.json("\"of a step\"")));
        get(traces().append(step(HOSTILE_ID, 1).withPayload(step.toPayload())));
        get(traces().resume(HOSTILE_ID, 0));
        assertThat(sweep(future())).isZero();
        assertThat(sweep(future())).isZero();
        assertThat(found(CONTENT.hash())).contains(CONTENT);
        assertThat(found(step.key())).isPresent();
        assertThat(facts().references(HOSTILE_ID).collectList().block(HANG))
                .containsExactlyInAnyOrder(CONTENT.hash(), step.key());
    }

    @Test
    void F6_what_was_noted_for_an_entry_that_never_came_is_swept_in_the_end() {
        traceWith("other", Payload.json("\"other\""));
        get(facts().put("nobody", CONTENT));
        get(facts().put("other", CONTENT));
        assertThat(facts().references("nobody").collectList().block(HANG)).containsExactly(CONTENT.hash());
        assertThat(sweep(past())).isZero();
        assertThat(sweep(future())).isEqualTo(1);
        assertThat(found(CONTENT.hash())).isEmpty();
        assertThat(facts().references("nobody").collectList().block(HANG)).isEmpty();
        assertThat(found(Payload.json("\"other\"").hash())).isPresent();
    }

    @Test
    void F6_a_trace_that_is_deleted_refers_to_nothing_any_more() {
        FactReference kept = traceWith("other", Payload.json("\"other\""));
        traceWith(TRACE, CONTENT);
        // settles what stands in journals, for good
        assertThat(sweep(future())).isZero();
        run(traces().complete(TRACE, CompletionState.SUCCESS));
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        assertThat(facts().references(TRACE).collectList().block(HANG)).isEmpty();
        assertThat(facts().references("other").collectList().block(HANG)).containsExactly(kept.key());
        assertThat(found(CONTENT.hash())).isPresent();
        assertThat(sweep(future())).isEqualTo(1);
        assertThat(found(CONTENT.hash())).isEmpty();
        assertThat(found(kept.key())).isPresent();
    }

    /** A journal that holds a reference to the content, and whose trace is gone. */
    private List<JournalEntry> takenAway() {
        traceWith(TRACE, CONTENT);
        run(traces().complete(TRACE, CompletionState.SUCCESS));
        List<JournalEntry> journal = entries(store(), TRACE);
        assertThat(get(catalog(store()).delete(TRACE))).isTrue();
        return journal;
    }

    @Test
    void F7_a_restored_trace_refers_to_the_facts_of_its_journal() {
        List<JournalEntry> journal = takenAway();
        assertThat(get(journal(open()).restore(TRACE, journal))).isEqualTo(journal.size());
        assertThat(facts().references(TRACE).collectList().block(HANG)).containsExactly(CONTENT.hash());
        assertThat(sweep(future())).isZero();
        assertThat(sweep(future())).isZero();
        assertThat(found(CONTENT.hash())).contains(CONTENT);
    }

    @Test
    void F7_a_journal_whose_facts_are_gone_is_not_restored() {
        List<JournalEntry> journal = takenAway();
        assertThat(sweep(future())).isEqualTo(1);
        FactMissingException missing =
                refused(FactMissingException.class, journal(open()).restore(TRACE, journal));
        assertThat(missing.key()).isEqualTo(CONTENT.hash().toString());
        assertThat(entries(open(), TRACE)).isEmpty();
        get(facts().put(CONTENT));
        assertThat(get(journal(open()).restore(TRACE, journal))).isEqualTo(journal.size());
    }

    @Test
    void F7_a_fork_refers_to_the_facts_it_copies() {
        FactReference first = get(facts().put(TRACE, CONTENT));
        get(traces().append(step(TRACE, 0).withPayload(first.toPayload())));
        FactReference second = get(facts().put(TRACE, Payload.json("\"beyond\"")));
        get(traces().append(step(TRACE, 1).withPayload(second.toPayload())));
        get(journal().fork(TRACE, 0, "copy"));
        assertThat(facts().references("copy").collectList().block(HANG)).containsExactly(CONTENT.hash());
        assertThat(sweep(future())).isZero();
        assertThat(facts().references("copy").collectList().block(HANG)).containsExactly(CONTENT.hash());
    }

    @Test
    void F7_what_is_not_kept_cannot_be_referred_to() {
        get(facts().put(CONTENT));
        FactReference gone = FactReference.to(Payload.json("\"gone\""));
        FactMissingException missing =
                refused(FactMissingException.class, facts().refer(TRACE, List.of(FactReference.to(CONTENT), gone)));
        assertThat(missing.key()).isEqualTo(gone.key().toString());
        run(facts().refer(TRACE, List.of()));
    }

    @Test
    void F8_what_is_put_while_a_sweep_runs_is_there_afterwards() {
        Facts another = facts(open());
        for (int round = 0; round < ROUNDS; round++) {
            Payload content = Payload.json("\"round " + round + "\"");
            String traceId = "round-" + round;
            get(facts().put(content));
            Instant before = between();
            Mono<?> putting = another.put(traceId, content);
            // in every other round the put has begun before the sweeps
            run(Mono.when(
                    round % 2 == 0 ? putting : putting.subscribeOn(Schedulers.parallel()),
                    facts().sweep(before, Facts.MAX_SWEEP).subscribeOn(Schedulers.parallel()),
                    another.sweep(before, Facts.MAX_SWEEP).subscribeOn(Schedulers.parallel())));
            assertThat(found(content.hash())).as("round %d", round).contains(content);
            assertThat(facts().references(traceId).collectList().block(HANG))
                    .as("round %d", round)
                    .containsExactly(content.hash());
        }
    }

    @Test
    void F8_who_refers_while_a_sweep_runs_is_refused_or_keeps_the_fact() {
        Facts another = facts(open());
        for (int round = 0; round < ROUNDS; round++) {
            Payload content = Payload.json("\"round " + round + "\"");
            String traceId = "round-" + round;
            get(facts().put(content));
            Instant before = between();
            Mono<Boolean> referring = another.refer(traceId, List.of(FactReference.to(content)))
                    .thenReturn(true)
                    .onErrorReturn(FactMissingException.class, false);
            Mono<Long> sweeping = facts().sweep(before, Facts.MAX_SWEEP).subscribeOn(Schedulers.parallel());
            boolean refers = get(Mono.zip(
                    round % 2 == 0 ? referring : referring.subscribeOn(Schedulers.parallel()),
                    sweeping,
                    (referred, swept) -> referred));
            assertThat(found(content.hash()).isPresent()).as("round %d", round).isEqualTo(refers);
        }
    }

    @Test
    void F8_many_who_put_the_same_at_once_all_succeed() {
        List<Facts> all = List.of(facts(), facts(open()), facts(open()));
        byte[] large = new byte[200_000];
        new Random(3).nextBytes(large);
        Payload content = Payload.of(large, "application/octet-stream");
        List<Mono<FactReference>> calls = new ArrayList<>();
        for (int n = 0; n < 24; n++) {
            calls.add(all.get(n % 3).put("trace-" + (n % 4), content).subscribeOn(Schedulers.parallel()));
        }
        run(Mono.when(calls));
        assertThat(found(content.hash())).contains(content);
        assertThat(sweep(future())).isEqualTo(1);
    }

    @Test
    void F9_nothing_happens_before_subscription_and_each_subscription_puts() {
        Mono<FactReference> putting = facts().put(TRACE, CONTENT);
        assertThat(found(CONTENT.hash())).isEmpty();
        get(putting);
        assertThat(sweep(future())).isEqualTo(1);
        get(putting);
        assertThat(found(CONTENT.hash())).contains(CONTENT);
    }

    @Test
    void F9_misuse_is_refused_at_the_call_and_changes_nothing() {
        Facts facts = facts();
        assertThatIllegalArgumentException().isThrownBy(() -> facts.put(missing()));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.put("", CONTENT));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.get(missing()));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.references(""));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.refer("", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.sweep(missing(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.sweep(AT, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> facts.sweep(AT, Facts.MAX_SWEEP + 1));
        Payload huge = Payload.owning(new byte[(16 << 20) + 1], Payload.JSON);
        assertThatIllegalArgumentException().isThrownBy(() -> facts.put(huge)).withMessageContaining("bytes");
        assertThat(sweep(future())).isZero();
    }

    @Test
    void F9_who_cancels_a_put_leaves_it_whole_or_undone_and_the_same_put_again_succeeds() {
        for (int round = 0; round < ROUNDS; round++) {
            Payload content = Payload.json("\"cancelled " + round + "\"");
            Disposable putting = facts().put(TRACE, content).subscribe();
            if (round % 3 == 1) {
                Thread.yield();
            }
            putting.dispose();
            Optional<Payload> kept = facts().get(content.hash()).blockOptional(HANG);
            kept.ifPresent(found -> assertThat(found).isEqualTo(content));
            get(facts().put(TRACE, content));
            assertThat(Objects.requireNonNull(facts().get(content.hash()).block(HANG)))
                    .isEqualTo(content);
        }
        awaitNoConnectionInUse();
    }
}
