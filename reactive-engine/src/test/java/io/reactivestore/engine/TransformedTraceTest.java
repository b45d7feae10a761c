package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.Journal;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Traces of engines whose payloads are encrypted: everything works as it did, and no content stands in the store. */
class TransformedTraceTest {

    private static final String MARK = "SECRET";

    private final Lab lab = new Lab();
    private final EncryptionKey old = key("old", 1);
    private final EncryptionKey current = key("current", 2);

    private static EncryptionKey key(String id, int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return EncryptionKey.of(id, bytes);
    }

    private DurableEngine engine(KeyService keys, Workflow<?, ?>... workflows) {
        EngineBuilder builder = lab.engine()
                .propagate("tenant", String.class)
                .transform(PayloadTransform.compression(100, 1 << 20))
                .transform(PayloadTransform.encryption(keys))
                .factThreshold(500);
        for (Workflow<?, ?> workflow : workflows) {
            builder.register(workflow);
        }
        return builder.build();
    }

    private static Intervention decision(String id, String node, InterventionAction action) {
        return Intervention.of(id, node, action, Lab.START).withPayload(Payload.json("\"" + MARK + id + "\""));
    }

    /** All bytes that stand in the store of a trace, facts among them. */
    private List<Payload> stored(String traceId) {
        Facts facts = lab.newProcess().require(Capability.FACTS);
        return Objects.requireNonNull(lab.newProcess()
                .require(Capability.JOURNAL)
                .read(traceId, 0)
                .mapNotNull(entry -> entry.event().payload())
                .concatWith(facts.references(traceId).concatMap(facts::get))
                .collectList()
                .block());
    }

    /** What cannot be compressed. */
    private static String dense() {
        byte[] bytes = new byte[2_000];
        new Random(3).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Workflow<String, String> everything() {
        Workflow<String, String> child =
                Lab.workflow("kid", (ctx, input) -> ctx.step("in", String.class, () -> Mono.just(input + MARK)));
        return Lab.workflow(
                "all",
                (ctx, input) -> ctx.step(
                                "work",
                                String.class,
                                (StepContext step) -> Mono.just(step.input(String.class, input) + MARK + dense()))
                        .flatMap(worked -> ctx.child("kid", child, worked.substring(0, 20)))
                        .flatMap(kid -> ctx.emit("progress", MARK).thenReturn(kid))
                        .flatMap(
                                kid -> ctx.awaitIntervention("go", String.class).map(go -> kid.length() + " " + go)));
    }

    @Test
    void nothing_of_any_content_stands_in_the_store_and_all_of_it_is_read_again_after_a_rotation() {
        Workflow<String, String> all = everything();
        DurableEngine before = engine(KeyService.of(old), all);
        before.start(all, "t", MARK + "input")
                .contextWrite(Context.of("tenant", MARK + "tenant"))
                .block();
        before.intervene("t", decision("again", "work", InterventionAction.RERUN))
                .block();
        before.fork("t", 3, "f").block();
        before.close().block();

        DurableEngine after = engine(KeyService.of(current, old), all);
        after.start(all, "t", MARK + "input").block();
        for (String traceId : List.of("t", "f")) {
            lab.pass(Duration.ofSeconds(30));
            after.intervene(traceId, decision("go", "go", InterventionAction.SUPPLY))
                    .block();
            StepVerifier.create(after.result(all, traceId))
                    .expectNext("26 " + MARK + "go")
                    .verifyComplete();
            assertThat(stored(traceId))
                    .hasSizeGreaterThan(6)
                    .noneMatch(payload -> new String(payload.toByteArray(), UTF_8).contains(MARK));
        }
        assertThat(stored("t"))
                .extracting(Payload::mediaType)
                .contains(Encryption.MEDIA_TYPE, FactReference.MEDIA_TYPE);

        StepVerifier.create(
                        after.recorded("t").flatMap(recorded -> Replay.of(all).run(recorded)))
                .assertNext(report -> assertThat(report.differences()).isEmpty())
                .verifyComplete();
        StepVerifier.create(after.watch("t")
                        .ofType(TraceUpdate.Progress.class)
                        .mapNotNull(progress -> progress.value().as(String.class))
                        .distinct())
                .expectNext(MARK)
                .verifyComplete();
    }

    @Test
    void what_an_endpoint_is_told_does_not_stand_in_the_store_either() {
        Workflow<String, String> told = Workflow.named("told")
                .webhook("billing")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just(MARK + input));
        StepVerifier.create(engine(KeyService.of(old), told).run(told, "t", "x"))
                .expectNext(MARK + "x")
                .verifyComplete();
        Payload body = Objects.requireNonNull(lab.newProcess()
                        .require(Capability.WEBHOOKS)
                        .ofTrace("t")
                        .blockFirst())
                .body();
        assertThat(new String(body.toByteArray(), UTF_8)).doesNotContain(MARK);
        StepVerifier.create(PayloadTransform.encryption(KeyService.of(old))
                        .read(body)
                        .flatMap(PayloadTransform.compression()::read))
                .assertNext(plain -> assertThat(plain.asText()).contains("\"result\":\"" + MARK + "x\""))
                .verifyComplete();
    }

    @Test
    void a_key_that_is_gone_stops_the_run_and_leaves_the_trace_to_be_resumed() {
        Workflow<String, String> waits = Lab.workflow(
                "waits",
                (ctx, input) -> ctx.step("a", String.class, () -> Mono.just("a" + input))
                        .flatMap(a -> ctx.awaitIntervention("go", String.class).map(go -> a)));
        DurableEngine before = engine(KeyService.of(old), waits);
        before.start(waits, "t", "x").block();
        before.close().block();
        StepVerifier.create(engine(KeyService.of(current), waits).resume(waits, "t"))
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(UnknownKeyException.class))
                .verify();
        assertThat(lab.trace("t").completion()).isNull();
        DurableEngine after = engine(KeyService.of(current, old), waits);
        after.resume(waits, "t").subscribe();
        after.intervene("t", decision("go", "go", InterventionAction.SUPPLY)).block();
        StepVerifier.create(after.result(waits, "t")).expectNext("ax").verifyComplete();
    }

    @Test
    void a_key_service_that_takes_its_time_keeps_the_result_back_until_it_is_durable() {
        AtomicReference<Sinks.One<EncryptionKey>> slow = new AtomicReference<>();
        KeyService keys = new KeyService() {
            @Override
            public Mono<EncryptionKey> current() {
                Sinks.One<EncryptionKey> waiting = slow.get();
                return waiting == null ? Mono.just(old) : waiting.asMono();
            }

            @Override
            public Mono<EncryptionKey> find(String id) {
                return Mono.just(old);
            }
        };
        Workflow<String, String> step = Lab.workflow(
                "step",
                (ctx, input) -> ctx.step(
                        "a",
                        String.class,
                        () -> Mono.fromSupplier(() -> {
                            slow.compareAndSet(null, Sinks.one());
                            return "done";
                        })));
        DurableEngine engine = engine(keys, step);
        List<String> results = new ArrayList<>();
        engine.run(step, "t", "x").subscribe(results::add);
        lab.pass(Duration.ofMinutes(5));
        assertThat(results).isEmpty();
        assertThat(lab.nodes("t")).doesNotContain("a");
        Sinks.One<EncryptionKey> waiting = slow.getAndSet(null);
        waiting.tryEmitValue(old);
        assertThat(results).containsExactly("done");
    }

    @Test
    void without_transforms_and_threshold_nothing_stands_between_the_engine_and_the_store() {
        Payloads none = new Payloads(List.of(), null, Payloads.NO_THRESHOLD);
        Payload payload = Payload.json("1");
        assertThat(none.writesPlain()).isTrue();
        assertThat(none.isPlain(payload)).isTrue();
        var journal = lab.newProcess().require(Capability.JOURNAL);
        List<Object> asked = new ArrayList<>();
        var watched = new PayloadJournal(
                (Journal) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                            Object answer = method.invoke(journal, args);
                            asked.add(answer);
                            return answer;
                        }),
                none);
        assertThat((Object) watched.appendAfter("t", 0, List.of())).isSameAs(asked.get(0));
        assertThat((Object) watched.append("t", List.of())).isSameAs(asked.get(1));
        assertThat((Object) watched.append("t", 0, List.of())).isSameAs(asked.get(2));
    }
}
