package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the steps of a trace back, in the reverse order of their results, each as a recorded step of its own. What is to be taken
 * back is recorded first: a crash in the middle goes on there, with a replay of the body that runs nothing and only asks the
 * steps how they are taken back.
 */
final class Unwinding {

    /** Marks that the trace is being taken back. */
    static final String NODE = "$unwind";

    private static final String UNDO = "$undo:";
    /** How long a replay may take to ask for all steps on record: code that has changed may never ask. */
    static final Duration REPLAY_PATIENCE = Duration.ofSeconds(10);

    /**
     * What is recorded when it begins.
     *
     * @param how the end of the trace if nothing, or not everything, is taken back
     * @param keys the steps to take back, in this order
     */
    record Plan(CompletionState how, List<String> keys) {}

    private final Run run;
    private final Map<String, Mono<?>> undos = new ConcurrentHashMap<>();
    private final AtomicBoolean replayed = new AtomicBoolean();
    private final Disposable.Swap work = Disposables.swap();
    private final Disposable.Swap patience = Disposables.swap();
    private volatile @Nullable Plan plan;

    Unwinding(Run run) {
        this.run = run;
    }

    static boolean isUndo(String key) {
        return key.startsWith(UNDO);
    }

    /** The step that a step takes back, or null. */
    static @Nullable String takenBack(String key) {
        return isUndo(key) ? key.substring(UNDO.length()) : null;
    }

    /** A step says how its result is taken back. */
    <T> void register(String key, @Nullable T value, Function<? super T, ? extends Mono<?>> undo) {
        undos.put(key, Mono.defer(() -> applied(undo, value)));
        checkReplay();
    }

    private static <T> Mono<?> applied(Function<? super T, ? extends Mono<?>> undo, @Nullable T value) {
        @SuppressWarnings("NullAway") // an empty result is taken back like any other
        Mono<?> applied = undo.apply(value);
        return applied;
    }

    boolean wasBegun() {
        return run.history().node(NODE) != null;
    }

    /** Begins, unless the trace is tried again; the body has ended and nothing is under way. */
    void begin(CompletionState how, Failure failure, @Nullable Throwable cause) {
        if (cause == null) {
            leave(how, failure, null);
        } else {
            new TraceRetry(run).orElse(cause, () -> leave(how, failure, cause));
        }
    }

    /** Traces that this one waits for end first: no crash forgets them. */
    private void leave(CompletionState how, Failure failure, @Nullable Throwable cause) {
        run.runs()
                .cancelChildren(run, how, failure)
                .contextWrite(run.context())
                .subscribe(nothing -> {}, run::halt, () -> plan(how, failure, cause));
    }

    private void plan(CompletionState how, Failure failure, @Nullable Throwable cause) {
        if (run.isEnded()) {
            return;
        }
        List<String> keys = new ArrayList<>(run.history().keys());
        keys.retainAll(undos.keySet());
        Collections.reverse(keys);
        if (keys.isEmpty()) {
            complete(how, how, failure, cause);
            return;
        }
        Plan made = new Plan(how, keys);
        plan = made;
        Payload payload = JsonCodec.INSTANCE.encode(made, Plan.class);
        PersistenceEnvelope mark = run.envelope(run.history().nextStep(), NODE, 1, Outcome.STARTED, payload, failure);
        write(mark, made, cause);
    }

    private void write(PersistenceEnvelope mark, Plan made, @Nullable Throwable cause) {
        run.conclusion()
                .write(
                        seen -> new JournalEvent.StepRecorded(mark),
                        position -> {
                            run.recorded(mark);
                            takeBack(made, failureOf(mark), cause);
                        },
                        () -> write(mark, made, cause));
    }

    /** Goes on where an earlier run left off. */
    void goOn() {
        History.Node node = run.history().node(NODE);
        Payload payload = node == null ? null : node.last().payload();
        plan = payload == null ? null : (Plan) JsonCodec.INSTANCE.decode(payload, Plan.class);
        if (plan == null) {
            run.halt(new ForeignTraceException(run.traceId()));
            return;
        }
        patience.update(run.at(run.now().plus(REPLAY_PATIENCE), this::endReplay));
        run.beginBody();
        checkReplay();
    }

    /** The body came to an end in its replay: no more steps will tell how they are taken back. */
    void bodyEnded() {
        endReplay();
    }

    private void checkReplay() {
        Plan known = plan;
        if (known != null && known.keys().stream().allMatch(key -> undos.containsKey(key) || isTakenBack(key))) {
            endReplay();
        }
    }

    private void endReplay() {
        Plan known = plan;
        History.Node node = run.history().node(NODE);
        if (known != null && node != null && run.endsReplay() && replayed.compareAndSet(false, true)) {
            patience.dispose();
            takeBack(known, failureOf(node.last()), null);
        }
    }

    private boolean isTakenBack(String key) {
        return run.history().hasResult(UNDO + key);
    }

    private void takeBack(Plan known, Failure failure, @Nullable Throwable cause) {
        work.update(Flux.fromIterable(known.keys())
                .concatMap(this::takeBack)
                .reduce(true, Boolean::logicalAnd)
                .contextWrite(run.context())
                .subscribe(
                        all -> complete(all ? CompletionState.COMPENSATED : known.how(), known.how(), failure, cause),
                        run::halt));
    }

    /** Emits whether the step was taken back. A failure does not keep the others from being taken back. */
    private Mono<Boolean> takeBack(String key) {
        Mono<?> undo = undos.getOrDefault(
                key,
                Mono.error(() ->
                        new IllegalStateException("the code no longer says how step '" + key + "' is taken back")));
        StepOptions<Void> options = StepOptions.of(UNDO + key, Void.class);
        Work<Void> function =
                new FunctionWork<>(run, options, run.workflow().traits().compensationPolicy(), attempt -> undo.then());
        return new StepCall<>(run, UNDO + key, UNDO + key, Void.class, function, null)
                .mono()
                .thenReturn(true)
                .onErrorReturn(StepFailedException.class, false);
    }

    private void complete(CompletionState state, CompletionState how, Failure failure, @Nullable Throwable cause) {
        Completion end = Completion.of(state, run.now()).withFailure(failure);
        run.conclusion().complete(end, how, null, cause, () -> complete(state, how, failure, cause));
    }

    private static Failure failureOf(PersistenceEnvelope mark) {
        return mark.failure() == null ? new Failure("unknown", null, null) : mark.failure();
    }

    void dispose() {
        work.dispose();
        patience.dispose();
    }
}
