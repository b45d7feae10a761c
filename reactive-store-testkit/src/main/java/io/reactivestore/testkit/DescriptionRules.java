package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.journal.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** K5 and K8: what people see of a trace, and how it is described. */
abstract class DescriptionRules extends Subject {

    DescriptionRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void K5_a_summary_counts_the_steps_that_have_an_outcome_and_are_not_void() {
        catalog(store());
        append(0, 1, 2);
        get(traces().append(outcome(TRACE, 3, Outcome.STARTED)));
        assertThat(summary(TRACE).steps()).isEqualTo(3);
        get(traces().append(outcome(TRACE, 3, Outcome.FAULT)));
        get(traces().append(outcome(TRACE, 3, Outcome.FAULT).withAttempt(2)));
        assertThat(summary(TRACE).steps()).isEqualTo(4);
        get(traces().resume(TRACE, 1));
        assertThat(summary(TRACE).steps()).isEqualTo(2);
        append(2);
        get(traces().resume(TRACE, 2));
        append(3);
        get(traces().resume(TRACE, 0));
        assertThat(summary(TRACE).steps()).isEqualTo(1);
        append(1);
        assertThat(summary(TRACE).steps()).isEqualTo(2);
    }

    @Test
    void K5_a_summary_has_head_and_tags_and_once_it_has_ended_its_duration() {
        append(0);
        TraceTags tags = get(catalog(store()).update(TRACE, none -> none.withSource("web")));
        TraceSummary running = summary(TRACE);
        assertThat(running.head()).isEqualTo(load().head());
        assertThat(running.tags()).isEqualTo(tags);
        assertThat(running.duration()).isNull();
        assertThat(running.output()).isNull();
        run(traces().complete(TRACE, Completion.of(CompletionState.FAULT, AT.plusSeconds(90))));
        assertThat(summary(TRACE).duration()).isEqualTo(Duration.ofSeconds(90));
        get(traces().append(step("back", 0)));
        run(traces().complete("back", Completion.of(CompletionState.SUCCESS, AT.minusSeconds(1))));
        assertThat(summary("back").duration()).isEqualTo(Duration.ZERO);
        assertThat(summary("back").output()).isNull();
    }

    @Test
    void K5_a_preview_shows_fifty_characters_of_text_and_tells_of_the_whole() {
        Payload astronauts = Payload.of("🧨é漢a".repeat(5_000).getBytes(UTF_8), "text/plain; charset=UTF-8");
        ValuePreview preview = Objects.requireNonNull(output("long", astronauts));
        assertThat(preview.text()).isEqualTo("🧨é漢a".repeat(12) + "🧨é");
        assertThat(preview.text().codePointCount(0, preview.text().length())).isEqualTo(50);
        assertThat(preview.isCut()).isTrue();
        assertThat(preview.size()).isEqualTo(astronauts.size());
        assertThat(preview.hash()).isEqualTo(astronauts.hash());
        assertThat(preview.toString())
                .startsWith(preview.text())
                .contains(
                        String.valueOf(astronauts.size()),
                        astronauts.hash().toString().substring(0, 12));

        Payload fifty = Payload.json("\"" + "x".repeat(48) + "\"");
        assertThat(output("fifty", fifty)).isEqualTo(new ValuePreview(fifty.asText(), false, 50, fifty.hash()));
        Payload more = Payload.of("y".repeat(51).getBytes(UTF_8), "application/vnd.api+json");
        assertThat(output("more", more)).isEqualTo(new ValuePreview("y".repeat(50), true, 51, more.hash()));
        assertThat(Objects.requireNonNull(output("empty", Payload.of(new byte[0], "text/plain")))
                        .text())
                .isEmpty();
        assertThat(output("bytes", Payload.of(new byte[] {1, 2}, "application/octet-stream")))
                .isNull();
        assertThat(Objects.requireNonNull(load(store(), "long").completion()).result())
                .isEqualTo(astronauts);
    }

    @Test
    void K5_of_a_result_that_is_kept_as_a_fact_a_preview_tells_the_size_and_the_hash() {
        Payload content = Payload.json("\"" + "x".repeat(1_000) + "\"");
        assertThat(output("text", FactReference.to(content).toPayload()))
                .isEqualTo(new ValuePreview("", true, content.size(), content.hash()));
        Payload bytes = Payload.of(new byte[1_000], "application/octet-stream");
        assertThat(output("bytes", FactReference.to(bytes).toPayload())).isNull();
    }

    @Test
    void K5_summaries_come_in_the_order_of_the_list() {
        for (int i = 0; i < 120; i++) {
            get(traces().append(step("trace-" + i, i % 10)));
        }
        TraceQuery query = TraceQuery.newest(110).withOffset(5);
        assertThat(get(catalog(open()).summaries(query).map(TraceSummary::head).collectList()))
                .containsExactlyElementsOf(get(catalog(store()).list(query).collectList()));
    }

    @Test
    void K8_tags_can_be_set_changed_and_removed_and_the_list_follows() {
        append(0);
        Catalog catalog = catalog(store());
        assertThat(get(catalog.tags(TRACE))).isEqualTo(TraceTags.NONE);
        TraceTags first = TraceTags.NONE.withSource("web").with("customer", "42");
        assertThat(get(catalog.update(TRACE, none -> first))).isEqualTo(first);
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(first);
        assertThat(found("web")).containsExactly(TRACE);
        get(catalog.update(TRACE, tags -> tags.withSource("batch").without("customer")));
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(TraceTags.NONE.withSource("batch"));
        assertThat(found("web")).isEmpty();
        assertThat(found("batch")).containsExactly(TRACE);
        get(catalog.update(TRACE, tags -> TraceTags.NONE));
        assertThat(found("batch")).isEmpty();
        assertThat(catalog.tags("unknown").blockOptional(HANG)).isEmpty();
    }

    @Test
    void K8_a_description_touches_neither_head_nor_journal_whatever_the_status() {
        append(0, 1);
        Seen before = seen(TRACE);
        get(catalog(store()).update(TRACE, tags -> tags.with("a", "b")));
        assertThat(seen(TRACE)).isEqualTo(before);
        run(traces().complete(TRACE, CompletionState.SUCCESS));
        before = seen(TRACE);
        get(catalog(store()).update(TRACE, tags -> tags.with("c", "d")));
        assertThat(seen(TRACE)).isEqualTo(before);
        assertThat(get(catalog(store()).tags(TRACE)).values()).hasSize(2);
    }

    @Test
    void K8_an_unknown_trace_cannot_be_described() {
        append(0);
        TraceNotFoundException refusal =
                refused(TraceNotFoundException.class, catalog(store()).update("unknown", tags -> tags));
        assertThat(refusal.traceId()).isEqualTo("unknown");
        assertThat(get(catalog(store()).exists("unknown"))).isFalse();
    }

    @Test
    void K8_a_change_that_throws_changes_nothing() {
        append(0);
        Catalog catalog = catalog(store());
        TraceTags before = get(catalog.update(TRACE, tags -> tags.withSource("web")));
        assertThat(catchThrowable(() ->
                        catalog.update(TRACE, tags -> tags.with("", "no name")).block(HANG)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(get(catalog.tags(TRACE))).isEqualTo(before);
    }

    @Test
    void K8_no_change_is_lost_among_many_at_once() {
        append(0);
        Catalog other = catalog(open());
        int changes = STRESS ? 400 : 24;
        List<Mono<?>> calls = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            Catalog catalog = i % 2 == 0 ? catalog(store()) : other;
            calls.add(catalog.update(
                    TRACE,
                    tags -> tags.with(
                            "count",
                            String.valueOf(Integer.parseInt(tags.values().getOrDefault("count", "0")) + 1))));
        }
        assertThat(Answer.together(calls)).allMatch(Answer::isAccepted);
        assertThat(get(other.tags(TRACE)).values()).containsEntry("count", String.valueOf(changes));
    }

    @Test
    void K8_tags_given_with_the_first_entry_are_there_with_it() {
        catalog(store());
        TraceTags tags = TraceTags.NONE.withSource("web").with("customer", "Zoë \"漢\", {42}");
        assertThat(get(create(store(), tags))).isEqualTo(1);
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(tags);
        assertThat(found("web")).containsExactly(TRACE);
        append(1);
        get(traces().resume(TRACE, 0));
        run(traces().complete(TRACE, CompletionState.SUCCESS));
        assertThat(get(catalog(open()).update(TRACE, same -> same.withSource("batch"))))
                .isEqualTo(tags.withSource("batch"));
        get(journal().fork(TRACE, 0, "copy"));
        assertThat(get(catalog(open()).tags("copy"))).isEqualTo(tags.withSource("batch"));
        assertThat(get(catalog(open()).delete(TRACE))).isTrue();
        get(create(open(), TraceTags.NONE));
        assertThat(get(catalog(store()).tags(TRACE))).isEqualTo(TraceTags.NONE);
    }

    @Test
    void K8_of_many_who_create_a_trace_the_tags_are_of_the_one_whose_entry_stands() {
        catalog(store());
        List<ReactiveStore> processes = List.of(store(), open(), open(), open());
        for (int round = 0; round < (STRESS ? 200 : 10); round++) {
            String traceId = "trace-" + round;
            List<Mono<?>> calls = new ArrayList<>();
            for (int i = 0; i < processes.size(); i++) {
                String source = "writer " + i;
                TraceTags tags = i == 0
                        ? TraceTags.NONE.withSource(source)
                        : TraceTags.NONE.withSource(source).with("tag " + i, "x");
                PersistenceEnvelope start = step(traceId, 0).withIdempotencyKey(source);
                calls.add(create(processes.get(i), start, tags));
            }
            List<Answer> answers = Answer.together(calls);
            assertThat(answers).filteredOn(Answer::isAccepted).hasSize(1);
            TraceTags tags = get(catalog(store()).tags(traceId));
            assertThat(tags.source())
                    .isEqualTo(get(traces().load(traceId)).envelopes().get(0).idempotencyKey());
            assertThat(tags.values()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void K8_a_trace_is_described_with_its_first_entry_only() {
        append(0);
        TraceTags before = get(catalog(store()).update(TRACE, none -> none.withSource("web")));
        refused(PositionConflictException.class, create(store(), TraceTags.NONE.withSource("other")));
        List<Outgoing> again = List.of(new Outgoing.ToCatalog(TRACE, TraceTags.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().append(TRACE, 1, List.of(recorded(step(TRACE, 1))), again));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().appendAfter(TRACE, 1, List.of(recorded(step(TRACE, 1))), again));
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(before);
    }

    private Mono<Long> create(ReactiveStore store, TraceTags tags) {
        return create(store, step(TRACE, 0), tags);
    }

    private static Mono<Long> create(ReactiveStore store, PersistenceEnvelope start, TraceTags tags) {
        String traceId = start.traceId();
        return store.require(Capability.JOURNAL)
                .append(traceId, 0, List.of(recorded(start)), List.of(new Outgoing.ToCatalog(traceId, tags)));
    }

    private @Nullable ValuePreview output(String traceId, Payload result) {
        get(traces().append(step(traceId, 0)));
        run(traces().complete(
                        traceId, Completion.of(CompletionState.SUCCESS, AT).withResult(result)));
        return summary(traceId).output();
    }

    private TraceSummary summary(String traceId) {
        return get(catalog(open())
                .summaries(TraceQuery.newest(1_000))
                .filter(summary -> summary.head().traceId().equals(traceId))
                .next());
    }

    private List<String> found(String source) {
        return get(catalog(open())
                .list(TraceQuery.of(TraceFilter.ALL.withSource(source), 10))
                .map(TraceHead::traceId)
                .collectList());
    }
}
