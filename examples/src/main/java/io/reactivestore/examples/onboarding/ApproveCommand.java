package io.reactivestore.examples.onboarding;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.engine.PayloadCodec;
import io.reactivestore.examples.onboarding.Onboarding.Approval;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@picocli.CommandLine.Command(
        name = "approve",
        description = "Decide as the manager, and carry the trace on to its end.")
final class ApproveCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Option(names = "--reject", description = "Say no: the trace ends with FAULT.")
    private boolean reject;

    @Option(names = "--by", paramLabel = "WHO", description = "Who decides. Default: ${DEFAULT-VALUE}.")
    private String by = "the manager";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept on record.")
    private @Nullable String reason;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            Mono<Receipt> run = session.engine()
                    .intervene(trace, decision())
                    .then(session.engine().resume(session.workflow(), trace));
            return reject ? tellRejected(session, trace, run) : tell(session, trace, run);
        }
    }

    private Intervention decision() {
        InterventionAction action = reject ? InterventionAction.FAIL : InterventionAction.SUPPLY;
        Intervention decision = Intervention.of(
                        UUID.randomUUID().toString(), Onboarding.APPROVAL, action, Instant.now())
                .withOperator(by)
                .withReason(reason);
        return reject ? decision : decision.withPayload(PayloadCodec.json().encode(new Approval(by), Approval.class));
    }
}
