package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ReplayAgainstCodeTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    private Mono<String> step(WorkflowContext ctx, String name, String value) {
        return ctx.step(name, String.class, () -> world.does(name, value));
    }

    private Workflow<String, String> ab() {
        return Lab.workflow("flow", (ctx, in) -> step(ctx, "a", in + "a").flatMap(a -> step(ctx, "b", a + "b")));
    }

    private RecordedJournal recorded() {
        return RecordedJournal.of(lab.newProcess().require(Capability.JOURNAL), "t")
                .block();
    }

    private RecordedJournal record(Workflow<String, ?> workflow) {
        lab.engine()
                .register(workflow)
                .build()
                .start(workflow, "t", "x")
                .onErrorComplete()
                .block();
        lab.pass(Duration.ofSeconds(10));
        return recorded();
    }

    private ReplayReport replay(RecordedJournal journal, BiFunction<WorkflowContext, String, Mono<String>> code) {
        return Replay.of(Lab.workflow("flow", code)).run(journal).block();
    }

    @Test
    void the_same_code_is_the_same_and_does_nothing() {
        RecordedJournal journal = record(ab());

        ReplayReport report = Replay.of(ab()).run(journal).block();

        assertThat(report.isSame()).isTrue();
        assertThat(report).hasToString("trace 't' against flow:1: same, 2 steps");
        assertThat(report.asked()).containsExactly("a", "b");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
        assertThat(recorded()).isEqualTo(journal);
    }

    @Test
    void a_step_that_is_not_on_record_ends_the_replay_there_and_is_not_done() {
        ReplayReport report = replay(
                record(ab()),
                (ctx, in) -> step(ctx, "a", in + "a")
                        .flatMap(a -> step(ctx, "new", a))
                        .flatMap(a -> step(ctx, "b", a)));

        assertThat(report).hasToString("""
                trace 't' against flow:1: 2 differences
                  NOT_ON_RECORD 'new': asked for, the code would do it
                  NOT_REACHED 'b': on record, the replay ended before it""");
        assertThat(world.times("new")).isZero();
    }

    @Test
    void a_step_that_is_never_asked_for_is_told() {
        assertThat(replay(record(ab()), (ctx, in) -> step(ctx, "a", "").thenReturn("xab")))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          NEVER_ASKED_FOR 'b': on record, the code came to its end without asking for it""");
    }

    @Test
    void a_result_of_another_type_is_told_without_its_content() {
        RecordedJournal journal = record(Lab.workflow(
                "flow", (ctx, in) -> step(ctx, "a", "secret").flatMap(a -> step(ctx, "b", a))));

        ReplayReport report = replay(
                journal,
                (ctx, in) -> ctx.step("a", Integer.class, () -> Mono.just(1)).flatMap(a -> step(ctx, "b", "" + a)));

        assertThat(report.differences())
                .extracting(ReplayReport.Difference::kind)
                .containsExactly(ReplayReport.Kind.TYPE_MISFIT, ReplayReport.Kind.NOT_REACHED);
        assertThat(report.differences().get(0).node()).isEqualTo("a");
        assertThat(report.toString()).doesNotContain("secret");
    }

    @Test
    void another_order_is_told() {
        assertThat(replay(
                        record(ab()),
                        (ctx, in) -> step(ctx, "b", "")
                                .flatMap(b -> step(ctx, "a", "").thenReturn(b))))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          OTHER_ORDER 'a': on record before 'b', asked for after it""");
    }

    @Test
    void another_end_is_told() {
        RecordedJournal journal = record(ab());

        assertThat(replay(
                        journal,
                        (ctx, in) -> step(ctx, "a", "").then(step(ctx, "b", "")).map(b -> b + "!")))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          OTHER_END: the code comes to another result""");
        assertThat(replay(
                        journal,
                        (ctx, in) -> step(ctx, "a", "")
                                .then(step(ctx, "b", ""))
                                .then(Mono.error(new IllegalStateException("secret")))))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          OTHER_END: the code fails with java.lang.IllegalStateException, on record is SUCCESS""");
    }

    @Test
    void a_failure_on_record_is_told_to_the_code_and_is_the_same_end() {
        BiFunction<WorkflowContext, String, Mono<String>> code =
                (ctx, in) -> ctx.step("a", String.class, () -> Mono.error(new IllegalStateException("no")));
        RecordedJournal journal = record(Lab.workflow("flow", code));

        assertThat(replay(journal, code).isSame()).isTrue();
        assertThat(replay(journal, (ctx, in) -> code.apply(ctx, in).onErrorReturn("handled")))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          OTHER_END: the code succeeds, on record is FAULT""");
    }

    @Test
    void a_trace_that_was_taken_back_is_the_same_and_nothing_is_taken_back_again() {
        BiFunction<WorkflowContext, String, Mono<String>> code = (ctx, in) -> ctx.step(
                        StepOptions.of("a", String.class).compensate(a -> world.does("undo", a)),
                        attempt -> Mono.just("a"))
                .then(ctx.step("b", String.class, () -> Mono.error(new IllegalStateException("no"))));

        assertThat(replay(record(Lab.workflow("flow", code)), code))
                .hasToString("trace 't' against flow:1: same, 2 steps");
        assertThat(world.times("undo")).isEqualTo(1);
    }

    @Test
    void what_ran_side_by_side_is_replayed_in_the_order_in_which_it_was_recorded() {
        BiFunction<WorkflowContext, String, Mono<String>> code = (ctx, in) -> Flux.merge(
                        ctx.step("slow", String.class, () -> world.takes(5, "slow", "s"))
                                .flatMap(s -> step(ctx, "after-slow", s)),
                        ctx.step("fast", String.class, () -> world.takes(1, "fast", "f"))
                                .flatMap(s -> step(ctx, "after-fast", s)))
                .collectList()
                .map(Object::toString);
        Workflow<String, String> flow = Lab.workflow("flow", code);
        lab.engine().register(flow).build().start(flow, "t", "x").block();
        world.passTime();

        assertThat(replay(recorded(), code)).hasToString("trace 't' against flow:1: same, 4 steps");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void items_several_at_a_time_are_the_same(int concurrency) {
        BiFunction<WorkflowContext, String, Mono<String>> code = (ctx, in) -> ctx.each(
                        "items",
                        List.of("1", "2", "3", "4", "5"),
                        item -> item,
                        concurrency,
                        (item, value) -> item.step(
                                        "first",
                                        String.class,
                                        () -> world.takes(10 - Integer.parseInt(value), value, value))
                                .flatMap(first -> step(item, "second", first)))
                .collectList()
                .map(Object::toString);
        Workflow<String, String> flow = Lab.workflow("flow", code);
        lab.engine().register(flow).build().start(flow, "t", "x").block();
        world.passTime();

        assertThat(lab.trace("t").completion()).isNotNull();
        assertThat(replay(recorded(), code)).hasToString("trace 't' against flow:1: same, 10 steps");
    }

    @Test
    void a_trace_that_waits_is_the_same_as_long_as_the_code_waits_for_that() {
        RecordedJournal journal = record(Lab.workflow(
                "flow", (ctx, in) -> step(ctx, "a", in).flatMap(a -> ctx.awaitIntervention("ok", String.class))));

        assertThat(replay(journal, (ctx, in) -> step(ctx, "a", "").then(ctx.awaitIntervention("ok", String.class)))
                        .isSame())
                .isTrue();
        assertThat(replay(journal, (ctx, in) -> ctx.awaitIntervention("ok", String.class)))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          NEVER_ASKED_FOR 'a': on record, the code waits without asking for it""");
        assertThat(replay(
                        journal,
                        (ctx, in) -> step(ctx, "a", "")
                                .then(Mono.zip(step(ctx, "new", ""), ctx.awaitIntervention("ok", String.class)))
                                .map(Object::toString)))
                .hasToString("""
                        trace 't' against flow:1: 1 differences
                          NOT_ON_RECORD 'new': asked for, the code would do it""");
    }

    @Test
    void a_trace_that_was_cut_off_in_the_middle_of_a_step_is_the_same() {
        BiFunction<WorkflowContext, String, Mono<String>> code = (ctx, in) -> step(ctx, "a", in)
                .then(Mono.zip(ctx.step("never", String.class, Mono::never), step(ctx, "b", in)))
                .map(Object::toString);

        assertThat(replay(record(Lab.workflow("flow", code)), code))
                .hasToString("trace 't' against flow:1: same, 3 steps");
    }

    @Test
    void who_lost_a_race_need_not_be_on_record() {
        BiFunction<WorkflowContext, String, Mono<String>> code =
                (ctx, in) -> Mono.firstWithSignal(ctx.step("slow", String.class, Mono::never), step(ctx, "fast", "f"));

        assertThat(replay(record(Lab.workflow("flow", code)), code).isSame()).isTrue();
    }

    @Test
    void decisions_rewinds_retries_times_and_children_are_replayed_from_the_record() {
        Workflow<String, String> child = Lab.workflow("child", (ctx, in) -> step(ctx, "c", in + "c"));
        BiFunction<WorkflowContext, String, Mono<String>> code = (ctx, in) -> Mono.zip(
                        ctx.now(), ctx.uuid(), ctx.random())
                .then(ctx.step(
                        StepOptions.of("again", String.class).retry(RetryPolicy.fixed(3, Duration.ofSeconds(1))),
                        attempt ->
                                attempt.attempt() < 3 ? Mono.error(new IllegalStateException("busy")) : Mono.just("r")))
                .flatMap(r -> ctx.child("kid", child, r))
                .flatMap(k -> ctx.sleep("nap", Duration.ofHours(1)).thenReturn(k))
                .flatMap(k -> ctx.awaitIntervention("ok", String.class).map(ok -> k + ok))
                .flatMap(k -> ctx.emit("progress", 1).thenReturn(k));
        Workflow<String, String> flow = Lab.workflow("flow", code);
        DurableEngine engine = lab.engine().register(flow).register(child).build();
        engine.start(flow, "t", "x").block();
        lab.pass(Duration.ofHours(2));
        for (String node : List.of("again", "ok")) {
            engine.intervene(
                            "t",
                            Intervention.of(node, node, InterventionAction.SUPPLY, lab.clock.instant())
                                    .withPayload(Payload.json("\"!\"")))
                    .block();
            lab.pass(Duration.ofHours(2));
        }

        assertThat(lab.trace("t").completion().result().asText()).isEqualTo("\"rc!\"");
        assertThat(replay(recorded(), code).toString()).startsWith("trace 't' against flow:1: same");
    }

    @Test
    void two_live_steps_of_one_name_are_told() {
        assertThat(replay(
                                record(ab()),
                                (ctx, in) -> Mono.zip(step(ctx, "z", ""), step(ctx, "z", ""))
                                        .map(Object::toString))
                        .differences())
                .first()
                .satisfies(difference -> assertThat(difference.kind()).isEqualTo(ReplayReport.Kind.STOPPED));
    }

    @Test
    void code_that_takes_time_between_steps_is_waited_for_and_code_that_comes_to_nothing_is_not_for_ever() {
        RecordedJournal journal = record(ab());

        assertThat(replay(
                                journal,
                                (ctx, in) -> Mono.delay(Duration.ofMillis(1))
                                        .then(step(ctx, "a", ""))
                                        .then(step(ctx, "b", "")))
                        .isSame())
                .isTrue();
        assertThat(Replay.of(Lab.workflow("flow", (ctx, in) -> Mono.never()))
                        .patience(Duration.ofMillis(10))
                        .run(journal)
                        .block())
                .hasToString("""
                        trace 't' against flow:1: 3 differences
                          NEVER_ASKED_FOR 'a': on record, the code waits without asking for it
                          NEVER_ASKED_FOR 'b': on record, the code waits without asking for it
                          OTHER_END: the code does not come to its end, on record is SUCCESS""");
    }

    @Test
    void of_a_workflow_that_migrates_the_trace_is_migrated_first() {
        RecordedJournal journal = record(ab());
        BiFunction<WorkflowContext, String, Mono<String>> code =
                (ctx, in) -> step(ctx, "begin", "").then(step(ctx, "b", ""));
        WorkflowDefinition two = Workflow.named("flow").version("2");

        assertThat(Replay.of(two.migration(Migration.between("1", "2").rename("a", "begin"))
                                .input(String.class)
                                .output(String.class)
                                .body(code))
                        .run(journal)
                        .block())
                .hasToString("trace 't' against flow:2: same, 2 steps");
        assertThat(Replay.of(two.input(String.class).output(String.class).body(code))
                        .run(journal)
                        .block()
                        .isSame())
                .isFalse();
    }

    @Test
    void a_journal_of_another_workflow_is_refused() {
        RecordedJournal journal = record(ab());

        assertThatThrownBy(() -> Replay.of(Lab.workflow("other", (ctx, in) -> Mono.just(in)))
                        .run(journal)
                        .block())
                .isInstanceOf(WorkflowConflictException.class);
    }

    @Test
    void a_journal_survives_as_json_bit_for_bit() {
        Workflow<String, String> flow = Lab.workflow(
                "flow",
                (ctx, in) -> step(ctx, "a", "{\"quoted\": 1.50e3}")
                        .then(ctx.step("bad", String.class, () -> Mono.error(new IllegalStateException("no")))
                                .onErrorComplete())
                        .then(ctx.awaitIntervention("ok", String.class, Duration.ofDays(1))));
        DurableEngine engine = lab.engine().register(flow).build();
        engine.start(flow, "t", "x").block();
        lab.pass(Duration.ofSeconds(10));
        engine.cancel("t", "because").block();
        lab.pass(Duration.ofSeconds(10));
        List<JournalEntry> entries = new ArrayList<>(recorded().entries());
        List<Payload> odd = List.of(
                Payload.json("{ \"spaced\" : 1 }"),
                Payload.json("12345678901234567890.123456789012345678901234567890"),
                Payload.of(new byte[] {0, -1, 7}, "application/octet-stream"),
                Payload.json("not json"),
                Payload.json("null"),
                Payload.json(""),
                // as deep as Jackson goes, and deeper
                Payload.json("[".repeat(1_000) + "]".repeat(1_000)),
                Payload.json("[".repeat(1_001) + "]".repeat(1_001)),
                // in Base64, longer than Jackson reads unless it is told to
                Payload.of(new byte[16 << 20], "image/png"));
        for (Payload payload : odd) {
            entries.add(new JournalEntry(
                    "t", entries.size() + 1L, -5, new JournalEvent.Custom("odd", payload, lab.clock.instant())));
        }
        entries.add(new JournalEntry("t", entries.size() + 1L, 1, new JournalEvent.Resumed(-1, lab.clock.instant())));
        TraceTags tags = TraceTags.NONE.withSource("web").with("a \"quoted\" name", "42");
        RecordedJournal journal = new RecordedJournal("t", entries, tags);

        String json = journal.toJson();

        assertThat(RecordedJournal.parse(json)).isEqualTo(journal);
        assertThat(RecordedJournal.parseLines(journal.toJsonLines())).isEqualTo(journal);
        assertThat(json).contains("\"event\" : \"decision\"", "\"event\" : \"completed\"", "\"event\" : \"suspended\"");
        assertThat(journal.toString()).doesNotContain("quoted");
    }

    @Test
    void what_is_no_recorded_journal_is_refused_without_its_content() {
        for (String text : List.of(
                "secret",
                "{}",
                "{\"format\":1,\"traceId\":\"t\",\"entries\":[]}",
                "{\"format\":1,\"traceId\":\"t\",\"entries\":[{\"position\":1,\"event\":\"secret\"}]}")) {
            assertThatThrownBy(() -> RecordedJournal.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
        JournalEntry gap = new JournalEntry(
                "t",
                2,
                1,
                new JournalEvent.StepRecorded(
                        PersistenceEnvelope.of("t", "flow", 0, "start", Outcome.SUCCESS, lab.clock.instant())));
        assertThatThrownBy(() -> new RecordedJournal("t", List.of(gap)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected position 1");
    }
}
