package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Workflows as words, one after another; each gives a text, and the last one's is the result.
 *
 * <pre>
 * a  a=v              a step that gives its name or v        a.slow                 ends when the test says so
 * a.fails a.fails2    always, the first two times            a.bad                  gives a value that counts as an error
 * a.retry3/9s         three attempts, nine seconds apart     a.timeout9s            of an attempt
 * a.skip a.halt       if no attempt is left                  a.fallback             the same, gives "instead"
 * a.once a.mark       at most once, with a mark              a.undo a.undofails     can be taken back
 * a.again2            subscribed to again after a failure
 * wait:ok  wait:ok:9s  wait:ok:9s:no                         a decision, with a time limit, with a default
 * sleep:nap:9s  child:kid  emit:p                            child:bad fails
 * ( a b // c )        side by side, joined with +            try( a => b )          b if a fails
 * loop3( a )          one after another                      each( p,q => a )       for items, side by side
 * scope:s( a )        in a scope
 * </pre>
 */
final class WorkflowText {

    /** What it does to the world, in order, with the attempt. */
    final List<String> done = new ArrayList<>();

    private final Map<String, Sinks.One<String>> slow = new HashMap<>();
    private final List<String> words;
    private int at;

    private final Workflow<String, String> child;
    private final Workflow<String, String> badChild;

    /** Children of another text have other names. */
    WorkflowText(String text, String suffix) {
        words = Arrays.asList(text.trim().split(" +"));
        this.child = Lab.workflow("kid" + suffix, (ctx, in) -> step(ctx, "k"));
        this.badChild = Lab.workflow("bad" + suffix, (ctx, in) -> step(ctx, "k.fails"));
    }

    List<Workflow<String, String>> children() {
        return List.of(child, badChild);
    }

    Function<WorkflowContext, Mono<String>> parse() {
        return sequence();
    }

    /** Ends a slow step. */
    void end(String name, String value) {
        slow.get(name).tryEmitValue(value);
    }

    void fail(String name) {
        slow.get(name).tryEmitError(new IllegalStateException("no"));
    }

    boolean isSlow(String name) {
        return slow.containsKey(name);
    }

    private Function<WorkflowContext, Mono<String>> sequence() {
        List<Function<WorkflowContext, Mono<String>>> items = new ArrayList<>();
        while (at < words.size() && !List.of(")", "//", "=>").contains(words.get(at))) {
            items.add(item(words.get(at++)));
        }
        return ctx -> {
            Mono<String> all = Mono.just("");
            for (Function<WorkflowContext, Mono<String>> item : items) {
                all = all.defaultIfEmpty("").flatMap(before -> item.apply(ctx));
            }
            return all;
        };
    }

    private Function<WorkflowContext, Mono<String>> item(String word) {
        String[] parts = word.split(":");
        if (word.equals("(")) {
            return sideBySide();
        } else if (word.equals("try(")) {
            Function<WorkflowContext, Mono<String>> tried = sequence();
            at++;
            Function<WorkflowContext, Mono<String>> instead = close(sequence());
            return ctx -> tried.apply(ctx).onErrorResume(StepFailedException.class, error -> instead.apply(ctx));
        } else if (word.startsWith("loop")) {
            int times = Integer.parseInt(word.substring(4, word.length() - 1));
            Function<WorkflowContext, Mono<String>> body = close(sequence());
            return ctx -> joined(Flux.range(0, times).concatMap(i -> body.apply(ctx)));
        } else if (word.equals("each(")) {
            List<String> items = List.of(words.get(at++).split(","));
            at++;
            Function<WorkflowContext, Mono<String>> body = close(sequence());
            return ctx -> joined(ctx.each("each", items, item -> item, 4, (scope, item) -> body.apply(scope)));
        } else if (word.startsWith("scope:")) {
            Function<WorkflowContext, Mono<String>> body = close(sequence());
            return ctx -> body.apply(ctx.scope(parts[1].replace("(", "")));
        }
        return switch (parts[0]) {
            case "wait" -> ctx -> wait(ctx, parts);
            case "sleep" ->
                ctx -> ctx.sleep(parts[1], JournalText.duration(parts[2])).then(Mono.empty());
            case "child" -> ctx -> ctx.child(parts[1], parts[1].equals("bad") ? badChild : child, "in");
            case "emit" -> ctx -> ctx.emit(parts[1], "news").then(Mono.empty());
            default -> ctx -> step(ctx, word);
        };
    }

    private Function<WorkflowContext, Mono<String>> sideBySide() {
        List<Function<WorkflowContext, Mono<String>>> branches = new ArrayList<>();
        branches.add(sequence());
        while (words.get(at).equals("//")) {
            at++;
            branches.add(sequence());
        }
        at++;
        return ctx -> Mono.zip(
                branches.stream()
                        .map(branch -> branch.apply(ctx).defaultIfEmpty(""))
                        .toList(),
                all -> String.join("+", Arrays.copyOf(all, all.length, String[].class)));
    }

    private <T> T close(T body) {
        at++;
        return body;
    }

    private static Mono<String> joined(Flux<String> all) {
        return all.collectList().map(values -> String.join("+", values));
    }

    private static Mono<String> wait(WorkflowContext ctx, String[] parts) {
        if (parts.length == 2) {
            return ctx.awaitIntervention(parts[1], String.class);
        }
        Duration timeout = JournalText.duration(parts[2]);
        return parts.length == 3
                ? ctx.awaitIntervention(parts[1], String.class, timeout)
                : ctx.awaitIntervention(parts[1], String.class, timeout, parts[3]);
    }

    private Mono<String> step(WorkflowContext ctx, String word) {
        String[] valued = word.split("=");
        String[] parts = valued[0].split("\\.");
        String name = parts[0];
        String value = valued.length > 1 ? valued[1] : name;
        StepOptions<String> options = StepOptions.of(name, new TypeReference<String>() {});
        int failures = 0;
        boolean isSlow = false;
        int again = 0;
        for (String part : List.of(parts).subList(1, parts.length)) {
            String what = part.replaceAll("[\\d/].*", "");
            String number = part.substring(what.length());
            switch (what) {
                case "fails" -> failures = number.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(number);
                case "slow" -> isSlow = true;
                case "again" -> again = Integer.parseInt(number);
                case "bad" -> options = options.failOn(name::equals);
                case "retry" -> {
                    String[] numbers = number.split("/");
                    options = options.retry(
                            RetryPolicy.fixed(Integer.parseInt(numbers[0]), JournalText.duration(numbers[1])));
                }
                case "timeout" -> options = options.timeout(JournalText.duration(number));
                case "skip" -> options = options.onFailure(OnFailure.SKIP);
                case "halt" -> options = options.onFailure(OnFailure.HALT);
                case "fallback" -> options = options.fallback(failure -> does("fallback", "instead"));
                case "once" -> options = options.atMostOnce();
                case "mark" -> options = options.markStart();
                case "undo" -> options = options.compensate(done -> does("undo-" + name, done));
                case "undofails" ->
                    options = options.compensate(done -> Mono.error(new IllegalStateException("stuck")));
                default -> throw new IllegalArgumentException(word);
            }
        }
        int failing = failures;
        boolean slowly = isSlow;
        return ctx.step(options, attempt -> call(attempt, name, value, failing, slowly))
                .retry(again);
    }

    private Mono<String> call(StepContext step, String name, String value, int failures, boolean isSlow) {
        String given = step.input(String.class, value);
        String what = step.key() + (given.equals(value) ? "" : "(" + given + ")");
        if (isSlow) {
            return does(what, "")
                    .then(slow.computeIfAbsent(name, n -> Sinks.one()).asMono());
        }
        long before = done.stream().filter(what::equals).count();
        return does(what, given)
                .flatMap(v -> before < failures ? Mono.error(new IllegalStateException("no")) : Mono.just(v));
    }

    private Mono<String> does(String what, String value) {
        return Mono.fromSupplier(() -> {
            done.add(what);
            return value;
        });
    }
}
