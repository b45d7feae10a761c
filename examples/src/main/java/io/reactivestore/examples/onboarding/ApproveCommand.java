package io.reactivestore.examples.onboarding;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.PayloadCodec;
import io.reactivestore.examples.onboarding.Onboarding.Approval;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "approve",
        description = "Decide as the manager, and carry the trace on to its end.")
final class ApproveCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Option(names = "--reject", description = "Say no: what was done is taken back.")
    private boolean reject;

    @Option(names = "--by", paramLabel = "WHO", description = "Who decides. Default: ${DEFAULT-VALUE}.")
    private String by = "the manager";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept on record.")
    private @Nullable String reason;

    @Option(names = "--save-only", description = "Leave the rest to the process that waits.")
    private boolean saveOnly;

    @Option(names = "--crash-in-undo", description = "Kill the JVM behind the first step that is taken back.")
    private boolean crashes;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            if (saveOnly) {
                session.desk().intervene(trace, decision()).block();
                terminal().line("The decision about " + trace + " is saved.");
                return ExitCode.OK;
            }
            Progress progress = (crashes ? Progress.dyingInUndo(terminal()) : Progress.shownOn(terminal())).of(trace);
            DurableEngine engine = session.engine(progress);
            tell(trace, progress, engine.intervene(trace, decision()).then(engine.result(session.workflow(), trace)));
            return ExitCode.OK;
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
