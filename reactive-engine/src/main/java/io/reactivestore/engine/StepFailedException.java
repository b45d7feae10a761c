package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.PersistenceEnvelope;
import org.jspecify.annotations.Nullable;

/**
 * A step failed and nothing more is tried. Signalled to the workflow's code, which may handle it; the same after a restart. The
 * cause is there only in the run in which it happened: decide by {@link #failure()} or {@link #isA}, never by the cause.
 *
 * <pre>{@code
 * Mono<Receipt> charged = ctx.step("charge", Receipt.class, () -> payments.charge(order))
 *         .onErrorResume(StepFailedException.class, error -> error.isA(CardDeclined.class)
 *                 ? ctx.step("invoice", Receipt.class, () -> billing.invoice(order))
 *                 : Mono.error(error));
 * }</pre>
 */
public sealed class StepFailedException extends EngineException permits InterventionFailedException {

    private static final long serialVersionUID = 1L;

    /** The key of the step. */
    private final String node;

    private final transient Failure failure;

    StepFailedException(String traceId, String node, Failure failure, @Nullable Throwable cause) {
        super(traceId, describe(node, failure), cause);
        this.node = node;
        this.failure = failure;
    }

    private static String describe(String node, Failure failure) {
        String what = failure.message() == null ? failure.type() : failure.type() + ": " + failure.message();
        return "Step '" + node + "' failed: " + what;
    }

    static StepFailedException of(String traceId, String node, Failure failure, @Nullable Throwable cause) {
        return InterventionFailedException.isRecordedIn(failure)
                ? new InterventionFailedException(traceId, node, failure)
                : new StepFailedException(traceId, node, failure, cause);
    }

    static StepFailedException recorded(String traceId, PersistenceEnvelope envelope) {
        Failure failure = envelope.failure() == null ? new Failure("unknown", null, null) : envelope.failure();
        return of(traceId, envelope.nodeId(), failure, null);
    }

    /**
     * Gives the step.
     *
     * @return the key of the step
     */
    public final String node() {
        return node;
    }

    /**
     * Gives the failure on record.
     *
     * @return the class name and message of what the function signalled
     */
    public final Failure failure() {
        return failure;
    }

    /**
     * Tells what kind of failure it was, also after a restart.
     *
     * @param type the class of an exception
     * @return whether the function signalled exactly this class
     */
    public final boolean isA(Class<? extends Throwable> type) {
        return failure.type().equals(type.getName());
    }
}
