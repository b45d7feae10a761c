package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Verdicts by the decisions that people save. */
record DecisionSource<T>(Run run, String node, Type type) implements VerdictSource<T> {

    static final Payload NOTHING = Payload.json("null");

    @Override
    public Mono<Verdict<T>> next(StepContext attempt) {
        return run.waiting().decision(node, type).map(this::verdict);
    }

    @Override
    public boolean waits() {
        return true;
    }

    private Verdict<T> verdict(Intervention decision) {
        return switch (decision.action()) {
            case SUPPLY -> supplied(decision);
            case SKIP -> Verdict.skipped();
            case FAIL -> {
                InterventionFailedException error = InterventionFailedException.by(run.traceId(), decision);
                yield Verdict.fault(error.toFailure(), Mono.error(error));
            }
            case RERUN -> refused(InterventionRefusedException.rerun(run.traceId(), decision));
        };
    }

    private Verdict<T> supplied(Intervention decision) {
        Payload payload = payloadOf(decision);
        try {
            @SuppressWarnings("unchecked")
            @Nullable
            T value = (T) run.decode(node, payload, type);
            return Verdict.success(payload, value);
        } catch (PayloadCodecException misfit) {
            return refused(InterventionRefusedException.misfit(run.traceId(), decision, misfit));
        }
    }

    /** The refusal is recorded, so that a later run does not find the same decision again. */
    private Verdict<T> refused(InterventionRefusedException error) {
        return Verdict.fault(Failure.of(error), run.halted(error));
    }

    static Payload payloadOf(Intervention decision) {
        Payload payload = decision.payloadOverride();
        return payload == null ? NOTHING : payload;
    }
}
