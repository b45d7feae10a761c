package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a step's function may know of the attempt it is.
 *
 * <pre>{@code
 * Mono<Receipt> charge(WorkflowContext ctx, Order order) {
 *     return ctx.step("charge", Receipt.class, (StepContext step) -> payments.charge(order, step.idempotencyKey()));
 * }
 * }</pre>
 */
public final class StepContext {

    private final Run run;
    private final String key;
    private final long step;
    private final int attempt;

    StepContext(Run run, String key, long step, int attempt) {
        this.run = run;
        this.key = key;
        this.step = step;
        this.attempt = attempt;
    }

    /**
     * Gives the trace.
     *
     * @return the id of the trace
     */
    public String traceId() {
        return run.traceId();
    }

    /**
     * Gives the key of the step in its trace.
     *
     * @return its scopes and name, with {@code #2}, {@code #3} ... when repeated
     */
    public String key() {
        return key;
    }

    /**
     * Gives the number of the step.
     *
     * @return what {@link DurableEngine#resume(String, long)} takes
     */
    public long step() {
        return step;
    }

    /**
     * Gives the attempt.
     *
     * @return which try this is, from 1, counted across restarts
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Gives a key that is the same for every attempt of this step, across restarts: give it to other systems so that doing it
     * twice is doing it once.
     *
     * @return 64 hexadecimal digits, derived from trace and key, and from how often the trace has gone on by
     *     {@link WorkflowContext#continueWith}
     */
    public String idempotencyKey() {
        return idempotencyKey(run.traceId(), key, run.opening().meta().generation());
    }

    static String idempotencyKey(String traceId, String key, long generation) {
        String text = traceId + '\n' + key + (generation == 0 ? "" : "\n" + generation);
        return Sha256.of(text.getBytes(UTF_8)).toString();
    }

    /**
     * Gives what the function is to work on: the new input, if somebody decided on RERUN with a payload, or else the regular one.
     *
     * @param type the type of the input
     * @param regular the input the workflow has for this step
     * @param <I> the type of the input
     * @return one of the two
     */
    public <I> I input(Class<I> type, I regular) {
        Object given = newInput(type);
        return given == null ? regular : type.cast(given);
    }

    /** The new input, if somebody decided on RERUN with one. */
    @Nullable
    Object newInput(Type type) {
        Payload override = run.journal().override(key);
        return override == null ? null : run.decode(key, override, type);
    }
}
