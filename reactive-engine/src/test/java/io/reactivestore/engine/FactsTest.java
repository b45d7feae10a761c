package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.FactMissingException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Large payloads are facts, which the code that runs cannot tell. */
class FactsTest {

    private static final String LARGE = "x".repeat(5_000);

    private final Lab lab = new Lab();
    private final List<String> calls = new ArrayList<>();

    /** A store whose facts are counted. */
    private record Store(ReactiveStore inner, CountedFacts facts) implements ReactiveStore {

        static Store of(ReactiveStore inner) {
            return new Store(inner, new CountedFacts(inner.require(Capability.FACTS)));
        }

        @Override
        public PersistenceStore traces() {
            return inner.traces();
        }

        @Override
        public Set<Capability<?>> capabilities() {
            return inner.capabilities();
        }

        @Override
        public <F> Optional<F> find(Capability<F> capability) {
            return capability.equals(Capability.FACTS)
                    ? Optional.of(capability.type().cast(facts))
                    : inner.find(capability);
        }

        @Override
        public Mono<Void> close() {
            return inner.close();
        }
    }

    private Mono<String> step(WorkflowContext ctx, String name, String result) {
        return ctx.step(
                name,
                String.class,
                () -> Mono.fromSupplier(() -> {
                    calls.add(name);
                    return result;
                }));
    }

    private DurableEngine engine(ReactiveStore store, Workflow<?, ?>... workflows) {
        EngineBuilder builder = lab.engine(store).factThreshold(1_000);
        for (Workflow<?, ?> workflow : workflows) {
            builder.register(workflow);
        }
        return builder.build();
    }

    private List<String> mediaTypes(String traceId) {
        return lab.trace(traceId).envelopes().stream()
                .map(envelope -> Objects.requireNonNull(envelope.payload()).mediaType())
                .toList();
    }

    @Test
    void what_is_large_is_kept_once_and_the_journal_refers_to_it() {
        Store store = Store.of(lab.newProcess());
        Workflow<String, String> twice = Lab.workflow(
                "twice",
                (ctx, input) ->
                        step(ctx, "a", LARGE).then(step(ctx, "small", "s")).then(step(ctx, "b", LARGE)));
        StepVerifier.create(engine(store, twice).run(twice, "t", LARGE))
                .expectNext(LARGE)
                .verifyComplete();

        assertThat(mediaTypes("t"))
                .containsExactly(
                        FactReference.MEDIA_TYPE, FactReference.MEDIA_TYPE, Payload.JSON, FactReference.MEDIA_TYPE);
        assertThat(store.facts().references("t").collectList().block()).hasSize(1);
        assertThat(store.facts().read).isEmpty();
        assertThat(Objects.requireNonNull(lab.trace("t").completion()).result())
                .extracting(Payload::mediaType)
                .isEqualTo(FactReference.MEDIA_TYPE);
        // for another engine that listens, the result is what it was
        StepVerifier.create(engine(Store.of(lab.newProcess()), twice).run(twice, "t", LARGE))
                .expectNext(LARGE)
                .verifyComplete();
    }

    @Test
    void a_replay_reads_a_fact_when_it_is_asked_for_and_only_then() {
        Workflow<String, String> first = Lab.workflow(
                "lazy",
                (ctx, input) -> step(ctx, "asked", LARGE + "1")
                        .then(step(ctx, "not asked", LARGE + "2"))
                        .then(ctx.awaitIntervention("go", String.class)));
        Workflow<String, String> second = Lab.workflow(
                "lazy",
                (ctx, input) -> step(ctx, "asked", "never called")
                        .flatMap(asked ->
                                ctx.awaitIntervention("go", String.class).map(go -> go + asked.length())));
        DurableEngine before = engine(lab.newProcess(), first);
        before.start(first, "t", "x").block();
        before.close().block();

        Store store = Store.of(lab.newProcess());
        DurableEngine after = engine(store, second);
        Mono<Object> end = after.resume("t");
        end.subscribe();
        assertThat(store.facts().read).extracting(FactReference::size).containsExactly(5_003);
        after.intervene("t", supply("go", "\"go \"")).block();
        StepVerifier.create(after.result(second, "t")).expectNext("go 5001").verifyComplete();
        assertThat(store.facts().read).hasSize(1);
        assertThat(calls).containsExactly("asked", "not asked");
    }

    @Test
    void a_replay_tells_results_in_the_order_on_record_however_long_a_fact_takes() {
        Workflow<String, String> race = Lab.workflow(
                "race",
                (ctx, input) -> Flux.merge(
                                step(ctx, "slow", LARGE), step(ctx, "quick", "q"), step(ctx, "other", LARGE + LARGE))
                        .concatMap(each -> Mono.just(each.length()))
                        .collectList()
                        .flatMap(lengths ->
                                ctx.awaitIntervention("go", String.class).map(go -> lengths.toString())));
        DurableEngine before = engine(lab.newProcess(), race);
        before.start(race, "t", "x").block();
        before.close().block();

        Store store = Store.of(lab.newProcess());
        Sinks.Empty<Void> released = Sinks.empty();
        store.facts().reading = reading -> released.asMono().then(reading);
        DurableEngine after = engine(store, race);
        after.resume("t").subscribe();
        after.intervene("t", supply("go", "\"go\"")).block();
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.trace("t").completion()).isNull();
        released.tryEmitEmpty();
        StepVerifier.create(after.result(race, "t"))
                .expectNext("[5000, 1, 10000]")
                .verifyComplete();
        assertThat(calls).containsExactly("slow", "quick", "other");
    }

    @Test
    void a_long_row_of_facts_is_no_deep_stack() {
        Workflow<String, Integer> row = Workflow.named("row")
                .input(String.class)
                .output(Integer.class)
                .body((ctx, input) -> Flux.range(0, 3_000)
                        .concatMap(n -> step(ctx, "n", LARGE + n))
                        .map(String::length)
                        .reduce(0, Integer::sum)
                        .flatMap(
                                sum -> ctx.awaitIntervention("go", String.class).thenReturn(sum)));
        DurableEngine before = engine(lab.newProcess(), row);
        before.start(row, "t", "x").block();
        before.close().block();
        Store store = Store.of(lab.newProcess());
        DurableEngine after = engine(store, row);
        after.resume("t").subscribe();
        after.intervene("t", supply("go", "\"go\"")).block();
        StepVerifier.create(after.result(row, "t"))
                .expectNext(3_000 * 5_000 + 10_890)
                .verifyComplete();
        assertThat(store.facts().read).hasSize(3_000);
        assertThat(calls).hasSize(3_000);
    }

    @Test
    void decisions_children_forks_and_new_inputs_may_be_large_too() {
        Workflow<String, String> child = Lab.workflow("child", (ctx, input) -> step(ctx, "in child", input + "c"));
        Workflow<String, String> parent = Lab.workflow(
                "parent",
                (ctx, input) -> ctx.child("child", child, input)
                        .flatMap(result ->
                                ctx.awaitIntervention("go", String.class).map(go -> result.length() + go)));
        DurableEngine engine = engine(lab.newProcess(), parent, child);
        engine.start(parent, "t", LARGE).block();
        engine.fork("t", 0, "f").block();
        String answer = "\"" + "y".repeat(2_000) + "\"";
        engine.intervene("t", supply("go", answer)).block();
        StepVerifier.create(engine.result(parent, "t"))
                .expectNext("5001" + "y".repeat(2_000))
                .verifyComplete();
        engine.intervene("f", supply("go", "\"!\"")).block();
        StepVerifier.create(engine.result(parent, "f")).expectNext("5001!").verifyComplete();
        Facts facts = lab.newProcess().require(Capability.FACTS);
        assertThat(facts.sweep(lab.clock.instant().plusSeconds(1), Facts.MAX_SWEEP)
                        .block())
                .isZero();
        StepVerifier.create(engine.recorded("t")
                        .flatMap(recorded -> Replay.of(parent).run(recorded)))
                .assertNext(report -> assertThat(report.differences()).isEmpty())
                .verifyComplete();
        List<TraceUpdate> watched = new ArrayList<>();
        engine.watch("t").subscribe(watched::add);
        TraceUpdate last = watched.get(watched.size() - 1);
        assertThat(((TraceUpdate.Ended) last).result().as(String.class)).startsWith("5001y");
    }

    @Test
    void a_migration_reads_what_it_changes_and_writes_it_again() {
        Workflow<String, String> one = Workflow.named("grown")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> step(ctx, "a", LARGE).then(ctx.awaitIntervention("go", String.class)));
        Workflow<String, String> two = Workflow.named("grown")
                .version("2")
                .migration(Migration.between("1", "2")
                        .rename("a", "b")
                        .payload("a", String.class, String.class, old -> old + old))
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> step(ctx, "b", "never called")
                        .flatMap(b -> ctx.awaitIntervention("go", String.class).map(go -> go + b.length())));
        DurableEngine before = engine(lab.newProcess(), one);
        before.start(one, "t", LARGE).block();
        before.close().block();
        DurableEngine after = engine(lab.newProcess(), two);
        after.resume("t").subscribe();
        after.intervene("t", supply("go", "\"go \"")).block();
        StepVerifier.create(after.result(two, "t")).expectNext("go 10000").verifyComplete();
        assertThat(calls).containsExactly("a");
    }

    @Test
    void a_fact_that_is_gone_stops_the_run_and_leaves_the_trace_open() {
        Workflow<String, String> waits = Lab.workflow(
                "waits", (ctx, input) -> step(ctx, "a", LARGE).then(ctx.awaitIntervention("go", String.class)));
        DurableEngine before = engine(lab.newProcess(), waits);
        before.start(waits, "t", "x").block();
        before.close().block();
        Store store = Store.of(lab.newProcess());
        store.facts().reading = reading ->
                Mono.error(new FactMissingException("t", Payload.json("null").hash()));
        DurableEngine after = engine(store, waits);
        assertThatThrownBy(() -> after.resume(waits, "t").block()).isInstanceOf(FactMissingException.class);
        assertThat(lab.trace("t").completion()).isNull();
        store.facts().reading = reading -> reading;
        after.resume(waits, "t").subscribe();
        after.intervene("t", supply("go", "\"go\"")).block();
        StepVerifier.create(after.result(waits, "t")).expectNext("go").verifyComplete();
    }

    @Test
    void without_a_threshold_nothing_is_put_and_what_is_on_record_is_read() {
        Workflow<String, String> waits = Lab.workflow(
                "waits",
                (ctx, input) -> step(ctx, "a", LARGE)
                        .flatMap(a -> ctx.awaitIntervention("go", String.class).map(go -> go + a.length())));
        DurableEngine before = engine(lab.newProcess(), waits);
        before.start(waits, "t", "x").block();
        before.close().block();
        Store store = Store.of(lab.newProcess());
        DurableEngine after = lab.engine(store).register(waits).build();
        after.resume(waits, "t").subscribe();
        after.intervene("t", supply("go", "\"go \"")).block();
        StepVerifier.create(after.result(waits, "t")).expectNext("go 5000").verifyComplete();
        after.start(waits, "u", LARGE).block();
        assertThat(store.facts().put).hasValue(0);
        assertThat(mediaTypes("u")).startsWith(Payload.JSON, Payload.JSON);
    }

    private static Intervention supply(String node, String json) {
        return Intervention.of(node + json.length(), node, InterventionAction.SUPPLY, Lab.START)
                .withPayload(Payload.json(json));
    }
}
