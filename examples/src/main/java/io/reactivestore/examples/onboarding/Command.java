package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.WorkflowFailedException;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;

/** What the commands share: the options of the whole program and how a run is told of. */
abstract class Command implements Callable<Integer> {

    @ParentCommand
    private Main main = new Main();

    Terminal terminal() {
        return main.terminal();
    }

    Main main() {
        return main;
    }

    /** For commands about a trace that must be there. */
    Session openExisting() {
        new DatabaseUrl(main.url()).mustExist();
        return open(Progress.shownOn(terminal()));
    }

    /** For commands that begin one. */
    Session openNew(Progress progress) {
        new DatabaseUrl(main.url()).prepare();
        return open(progress);
    }

    private Session open(Progress progress) {
        return Session.open(main.url(), main.ledger(), progress);
    }

    /** Follows a run and says where it stands. */
    int tell(Session session, String id, Mono<Receipt> run) {
        Receipt receipt = session.follow(run);
        if (!session.progress().hasStarted()) {
            terminal().line("Trace " + id + " had ended already; nothing was run. Its recorded result:");
        }
        if (receipt == null) {
            terminal()
                    .line("State: " + terminal().yellow("waiting") + ". Decide with:  demo approve " + id
                            + "   (or with --reject)");
        } else {
            terminal()
                    .line("State: " + terminal().green("SUCCESS") + ". Welcome mail sent to " + receipt.to()
                            + ", approved by " + receipt.approvedBy() + ".");
        }
        return ExitCode.OK;
    }

    /** As {@link #tell}, for a run that is meant to end in failure. */
    int tellRejected(Session session, String id, Mono<Receipt> run) {
        try {
            return tell(session, id, run);
        } catch (WorkflowFailedException rejected) {
            terminal().line("State: " + terminal().red(rejected.state().name()) + ". " + reason(rejected));
            return ExitCode.OK;
        }
    }

    private static String reason(WorkflowFailedException rejected) {
        @Nullable
        String message = rejected.failure() == null ? null : rejected.failure().message();
        return message == null ? "" : message;
    }
}
