package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import org.jspecify.annotations.Nullable;

/** What a decision makes of a step. */
final class Ruling {

    private Ruling() {}

    static <T> Verdict<T> of(LiveStep<T> step, Work<T> work, Intervention decision) {
        return switch (decision.action()) {
            case SUPPLY -> supplied(step, decision);
            case SKIP -> Verdict.skipped(new Failure("skipped", decision.reason(), null));
            case FAIL -> {
                InterventionFailedException error =
                        InterventionFailedException.by(step.run().traceId(), decision);
                yield Verdict.failed(error.failure(), error);
            }
            case RERUN -> work.rerun(step, decision);
            case CANCEL -> throw new IllegalStateException("a cancel is not about a step");
        };
    }

    private static <T> Verdict<T> supplied(LiveStep<T> step, Intervention decision) {
        Payload payload = decision.payloadOverride() == null ? WaitNote.NOTHING : decision.payloadOverride();
        try {
            @SuppressWarnings("unchecked") // the codec reads it as this type
            @Nullable
            T value = (T) step.run().decode(step.key(), payload, step.type());
            return Verdict.success(payload, value);
        } catch (PayloadCodecException misfit) {
            return Verdict.refused(
                    InterventionRefusedException.misfit(step.run().traceId(), decision, misfit));
        }
    }
}
