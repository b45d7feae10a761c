package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A workflow to crash.
 *
 * @param end how it ends
 * @param result what it comes to, or null if it fails
 * @param workflows the one to run, and those it needs
 */
record CrashExample(
        String name,
        CompletionState end,
        @Nullable String result,
        Function<Cast, List<Workflow<String, String>>> workflows) {

    /** What the workflows of one process touch: the world, which outlives the process, and its time, which does not. */
    record Cast(String suffix, Map<String, Integer> world, VirtualTimeScheduler time) {

        private Mono<String> does(StepContext step, String value) {
            return does(step.key() + "@" + step.attempt(), value);
        }

        private <T> Mono<T> does(String what, T value) {
            return Mono.fromSupplier(() -> {
                world.merge(what, 1, Integer::sum);
                return value;
            });
        }

        private Mono<String> takes(int seconds, StepContext step, String value) {
            return does(step, value).delayElement(Duration.ofSeconds(seconds), time);
        }

        private Mono<String> fails(StepContext step) {
            return does(step, "").then(Mono.error(() -> new IllegalStateException("no")));
        }

        private Workflow<String, String> workflow(String name, BiFunction<WorkflowContext, String, Mono<String>> body) {
            return workflow(name, CheckpointPolicy.everyStep(), body);
        }

        private Workflow<String, String> workflow(
                String name, CheckpointPolicy policy, BiFunction<WorkflowContext, String, Mono<String>> body) {
            return Workflow.named(name + suffix)
                    .checkpoints(policy)
                    .input(String.class)
                    .output(String.class)
                    .body(body);
        }

        private Mono<String> step(WorkflowContext ctx, String name, String value) {
            return ctx.step(name, String.class, step -> does(step, value));
        }

        private StepOptions<String> undone(String name) {
            return StepOptions.of(name, String.class).compensate(value -> does("$undo:" + name + "@1", value));
        }
    }

    private static CrashExample succeeds(
            String name, String result, BiFunction<Cast, WorkflowContext, Mono<String>> body) {
        return new CrashExample(
                name,
                CompletionState.SUCCESS,
                result,
                cast -> List.of(cast.workflow(name, (ctx, input) -> body.apply(cast, ctx))));
    }

    private static CrashExample ends(
            String name, CompletionState end, BiFunction<Cast, WorkflowContext, Mono<String>> body) {
        return new CrashExample(
                name, end, null, cast -> List.of(cast.workflow(name, (ctx, input) -> body.apply(cast, ctx))));
    }

    private static CrashExample checkpointed(String name, CheckpointPolicy policy) {
        return new CrashExample(
                name,
                CompletionState.SUCCESS,
                "1,2,3,4,5",
                cast -> List.of(cast.workflow(
                        name,
                        policy,
                        (ctx, input) -> Flux.range(1, 5)
                                .concatMap(i -> ctx.step("round", String.class, step -> cast.takes(1, step, "" + i)))
                                .collectList()
                                .map(rounds -> String.join(",", rounds)))));
    }

    static final CrashExample SEQUENCE = succeeds(
            "sequence",
            "c",
            (cast, ctx) ->
                    cast.step(ctx, "a", "a").then(cast.step(ctx, "b", "b")).then(cast.step(ctx, "c", "c")));

    static final CrashExample LOOP = succeeds(
            "loop",
            "1,2,3,4",
            (cast, ctx) -> Flux.range(1, 4)
                    .concatMap(i -> cast.step(ctx, "round", "" + i))
                    .collectList()
                    .map(rounds -> String.join(",", rounds)));

    static final CrashExample GENERATIONS = succeeds(
            "generations",
            "c3",
            (cast, ctx) -> ctx.carried(Integer.class, 1)
                    .flatMap(n -> cast.step(ctx, "a" + n, "a")
                            .then(cast.step(ctx, "b" + n, "b"))
                            .flatMap(b -> n < 3 ? ctx.continueWith(n + 1) : cast.step(ctx, "c", "c" + n))));

    static final CrashExample PARALLEL = succeeds(
            "parallel",
            "lr",
            (cast, ctx) -> Mono.zip(
                            ctx.step("left", String.class, step -> cast.takes(2, step, "l")),
                            ctx.step("right", String.class, step -> cast.takes(1, step, "r")))
                    .flatMap(both -> cast.step(ctx, "join", both.getT1() + both.getT2())));

    static final CrashExample NESTED_EACH = succeeds(
            "nested-each",
            "p1p2q1q2",
            (cast, ctx) -> ctx.each(
                            "outer",
                            List.of("p", "q"),
                            outer -> outer,
                            2,
                            (scope, outer) -> scope.each(
                                            "inner",
                                            List.of("1", "2"),
                                            inner -> inner,
                                            2,
                                            (own, inner) -> own.step(
                                                    "s", String.class, step -> cast.takes(1, step, outer + inner)))
                                    .collectList()
                                    .map(all -> String.join("", all)))
                    .collectList()
                    .map(all -> String.join("", all)));

    static final CrashExample SLEEP = succeeds(
            "sleep",
            "b",
            (cast, ctx) -> cast.step(ctx, "a", "a")
                    .then(ctx.sleep("nap", Duration.ofSeconds(20)))
                    .then(cast.step(ctx, "b", "b")));

    static final CrashExample WAIT = succeeds(
            "wait",
            "yes!",
            (cast, ctx) -> cast.step(ctx, "a", "a")
                    .then(ctx.awaitIntervention("approval", String.class))
                    .flatMap(yes -> cast.step(ctx, "b", yes + "!")));

    static final CrashExample TIMED_WAIT = succeeds(
            "timed-wait",
            "nobody!",
            (cast, ctx) -> ctx.awaitIntervention("unheard", String.class, Duration.ofSeconds(12), "nobody")
                    .flatMap(yes -> cast.step(ctx, "b", yes + "!")));

    static final CrashExample COMPENSATION = ends(
            "compensation",
            CompletionState.COMPENSATED,
            (cast, ctx) -> ctx.step(cast.undone("a"), step -> cast.does(step, "a"))
                    .then(ctx.step(cast.undone("b"), step -> cast.does(step, "b")))
                    .then(ctx.step("c", String.class, cast::fails)));

    static final CrashExample PARALLEL_COMPENSATION = ends(
            "parallel-compensation",
            CompletionState.COMPENSATED,
            (cast, ctx) -> Mono.zip(
                            ctx.step(
                                    "bad",
                                    String.class,
                                    step -> cast.takes(3, step, "").then(Mono.error(new IllegalStateException("no")))),
                            ctx.step(cast.undone("a"), step -> cast.takes(1, step, "a"))
                                    .flatMap(a -> ctx.step(cast.undone("b"), step -> cast.takes(1, step, "b"))))
                    .map(Object::toString));

    static final CrashExample FAILING_UNDO = ends(
            "failing-undo",
            CompletionState.FAULT,
            (cast, ctx) -> ctx.step(cast.undone("a"), step -> cast.does(step, "a"))
                    .then(ctx.step(
                            StepOptions.of("b", String.class)
                                    .compensate(b -> cast.does("$undo:b@1", b)
                                            .then(Mono.error(new IllegalStateException("stuck")))),
                            step -> cast.does(step, "b")))
                    .then(ctx.step("c", String.class, cast::fails)));

    static final CrashExample CANCELLED = ends(
            "cancelled",
            CompletionState.COMPENSATED,
            (cast, ctx) -> ctx.step(cast.undone("a"), step -> cast.does(step, "a"))
                    .then(ctx.awaitIntervention("cancel-me", String.class)));

    static final CrashExample CHILD = new CrashExample("parent", CompletionState.SUCCESS, "a-child!", cast -> {
        Workflow<String, String> child = cast.workflow(
                "child", (ctx, input) -> cast.step(ctx, "c1", input).flatMap(c -> cast.step(ctx, "c2", c + "-child")));
        Workflow<String, String> parent = cast.workflow(
                "parent",
                (ctx, input) -> cast.step(ctx, "a", "a")
                        .flatMap(a -> ctx.child("kid", child, a))
                        .flatMap(kid -> cast.step(ctx, "b", kid + "!")));
        return List.of(parent, child);
    });

    /** The parent is cancelled while it waits for the child. */
    static final CrashExample DOOMED_CHILD =
            new CrashExample("doomed-parent", CompletionState.COMPENSATED, null, cast -> {
                Workflow<String, String> child = cast.workflow(
                        "doomed-child",
                        (ctx, input) -> ctx.step(cast.undone("reserve"), step -> cast.does(step, "r"))
                                .then(ctx.awaitIntervention("nobody", String.class)));
                Workflow<String, String> parent = cast.workflow(
                        "doomed-parent",
                        (ctx, input) -> ctx.step(cast.undone("a"), step -> cast.does(step, "a"))
                                .flatMap(a -> ctx.child("doomed", child, a)));
                return List.of(parent, child);
            });

    /** What is done in a transaction of the database itself. */
    static CrashExample transaction(CrashEverywhere.Ledger<?> ledger) {
        return succeeds(
                "transaction",
                "c",
                (cast, ctx) -> cast.step(ctx, "a", "a")
                        .then(inTransaction(ledger, cast, ctx))
                        .then(cast.step(ctx, "c", "c")));
    }

    private static <C> Mono<String> inTransaction(CrashEverywhere.Ledger<C> ledger, Cast cast, WorkflowContext ctx) {
        return ctx.transaction(
                StepOptions.of("paid", String.class),
                ledger.connectionType(),
                (step, connection) -> ledger.write(connection, cast.suffix()).then(cast.does(step, "b")));
    }

    static final CrashExample AT_MOST_ONCE = succeeds(
            "at-most-once",
            "paid!",
            (cast, ctx) -> ctx.step(
                            StepOptions.of("pay", String.class).atMostOnce(),
                            step -> cast.does("pay", "paid").delayElement(Duration.ofSeconds(2), cast.time()))
                    .flatMap(paid -> cast.step(ctx, "b", paid + "!")));

    static final CrashExample LONG_RETRY = succeeds(
            "long-retry",
            "third",
            (cast, ctx) -> ctx.step(
                    StepOptions.of("a", String.class).retry(RetryPolicy.fixed(3, Duration.ofSeconds(15))),
                    step -> step.attempt() < 3 ? cast.fails(step) : cast.does(step, "third")));

    static final CrashExample HALTED = succeeds(
            "halted",
            "again",
            (cast, ctx) -> ctx.step(
                    StepOptions.of("a", String.class).onFailure(OnFailure.HALT),
                    step -> step.attempt() == 1 ? cast.fails(step) : cast.does(step, "again")));

    static final CrashExample EVERY_THREE = checkpointed("every-three", CheckpointPolicy.every(3));

    static final CrashExample ON_COMPLETION = checkpointed("on-completion", CheckpointPolicy.onCompletion());
}
