package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The workflows the tests run. Each side effect carries the key of its step. */
final class Workflows {

    static final String WAIT = "approval";

    private Workflows() {}

    static Workflow<String, String> sequence(SideEffects world) {
        return Lab.workflow(
                "sequence",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input + "a"))
                        .flatMap(a -> ctx.step("b", String.class, () -> world.does("b", a + "b")))
                        .flatMap(b -> ctx.step("c", String.class, () -> world.does("c", b + "c"))));
    }

    static Workflow<String, String> loop(SideEffects world) {
        return Lab.workflow(
                "loop",
                (ctx, input) -> Flux.range(1, 4)
                        .concatMap(i -> ctx.step("round", String.class, step -> world.does(step.key(), input + i)))
                        .collectList()
                        .map(rounds -> String.join(",", rounds)));
    }

    static Workflow<String, String> waiting(SideEffects world) {
        return Lab.workflow(
                "waiting",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input + "a"))
                        .flatMap(a -> ctx.awaitIntervention(WAIT, String.class)
                                .defaultIfEmpty("skipped")
                                .onErrorResume(InterventionFailedException.class, e -> Mono.just(e.getMessage()))
                                .map(decision -> a + ":" + decision))
                        .flatMap(b -> ctx.step("b", String.class, () -> world.does("b", b + ":b"))));
    }

    /** A step that fails the first so many times it is tried. */
    static Workflow<String, String> flaky(SideEffects world, int failures) {
        return Lab.workflow(
                "flaky",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .flatMap(a -> ctx.step(
                                "flaky",
                                String.class,
                                step -> world.does("flaky", step)
                                        .flatMap(s -> world.times("flaky") <= failures
                                                ? Mono.error(new IllegalStateException("try " + s.attempt()))
                                                : Mono.just(input + s.attempt())))));
    }

    static Intervention supply(String id, String text) {
        return decide(id, InterventionAction.SUPPLY).withPayload(Payload.json('"' + text + '"'));
    }

    static Intervention decide(String id, InterventionAction action) {
        return Intervention.of(id, WAIT, action, Lab.START);
    }

    static List<EngineEvent> recorder() {
        return Collections.synchronizedList(new ArrayList<>());
    }
}
