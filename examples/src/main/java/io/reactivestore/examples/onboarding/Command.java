package io.reactivestore.examples.onboarding;

import io.reactivestore.CompletionState;
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
        return Session.open(main.url(), main.ledger());
    }

    /** For commands that begin one. */
    Session openNew() {
        new DatabaseUrl(main.url()).prepare();
        return Session.open(main.url(), main.ledger());
    }

    /** Follows a run until it ends or waits for a decision, and says where it stands. Gives whether it ended. */
    boolean tell(String id, Progress progress, Mono<Receipt> run) {
        return tell(id, progress, run, progress.waiting());
    }

    /** As above; what it waits for may be followed as well. */
    boolean tell(String id, Progress progress, Mono<Receipt> run, Mono<String> waiting) {
        Object end;
        try {
            end = Mono.firstWithSignal(run.cast(Object.class), waiting).block();
        } catch (WorkflowFailedException failed) {
            if (failed.state() != CompletionState.COMPENSATED) {
                throw failed;
            }
            terminal().line("State: " + terminal().red("COMPENSATED") + ", all was taken back. " + reason(failed));
            return true;
        }
        if (end instanceof Receipt receipt) {
            if (!progress.hasStarted()) {
                terminal().line("Trace " + id + " had ended already; nothing was run. Its recorded result:");
            }
            terminal()
                    .line("State: " + terminal().green("SUCCESS") + ". Welcome mail sent to " + receipt.to()
                            + ", approved by " + receipt.approvedBy() + ".");
            return true;
        }
        tellWaiting(id);
        return false;
    }

    void tellWaiting(String id) {
        terminal()
                .line("State: " + terminal().yellow("waiting") + ", in the database. Decide with:  demo approve " + id
                        + "   (or with --reject)");
        terminal().out().flush();
    }

    private static String reason(WorkflowFailedException rejected) {
        @Nullable
        String message = rejected.failure() == null ? null : rejected.failure().message();
        return message == null ? "" : message;
    }
}
