package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.Objects;

/** What others write into the journal of a trace, and how its run takes it in. */
final class Steering {

    private final Run run;

    Steering(Run run) {
        this.run = run;
    }

    /** What others wrote, or this engine by another way than the run: of that, decisions and resumptions are news. */
    void foreign(JournalEntry entry) {
        if (entry.event() instanceof JournalEvent.Intervened intervened) {
            consider(intervened.intervention().targetNode());
        } else if (entry.writer() == run.config().claims().writer()) {
            if (entry.event() instanceof JournalEvent.Resumed && !run.journal().isReplacing()) {
                run.end(new RunEnd.Retold());
            }
        } else if (entry.event() instanceof JournalEvent.Claimed || entry.event() instanceof JournalEvent.Resumed) {
            run.end(new RunEnd.Lost(new ClaimLostException(run.traceId(), entry.position())));
        } else if (entry.event() instanceof JournalEvent.Completed) {
            run.end(new RunEnd.EndedElsewhere());
        }
    }

    /** Takes in what is decided about a node, if it is its turn. A trace that is being taken back does not begin again. */
    void consider(String node) {
        LiveStep<?> live = run.steps().find(node);
        boolean isRunning = run.isRunning();
        if (live != null && (isRunning || run.isUnwinding())) {
            live.pokeDecision();
        } else if (isRunning && node.equals(Intervention.TRACE)) {
            Intervention cancel = run.journal().pending(node);
            if (cancel != null) {
                run.earlyEnd().begin(CompletionState.CANCELLED, new Failure("cancelled", cancel.reason(), null));
            }
        } else if (isRunning && run.history().hasResult(node)) {
            goBack();
        }
    }

    /** Goes back behind the steps with a result about which somebody has decided since. Gives false if there are none. */
    boolean goesBack() {
        boolean isDecided = run.journal().pendingNodes().stream().anyMatch(run.history()::hasResult);
        if (isDecided) {
            goBack();
        }
        return isDecided;
    }

    /** Keeps only what lies before all of them, so that each comes to its turn. */
    private void goBack() {
        History history = run.history();
        long first = run.journal().pendingNodes().stream()
                .filter(history::hasResult)
                .mapToLong(node -> Objects.requireNonNull(history.node(node)).step())
                .min()
                .orElse(1);
        run.rewind(first - 1);
    }

    /** Takes in what somebody decided that keeps the trace from its end. Gives false if there is nothing. */
    boolean keepsFromEnd() {
        for (String node : run.journal().pendingNodes()) {
            if (isNews(node) && run.goesOnInsteadOfEnding()) {
                consider(node);
                return true;
            }
        }
        return false;
    }

    /** Whether something is decided that the run can take in now. */
    boolean hasNews() {
        return run.journal().pendingNodes().stream().anyMatch(this::isNews);
    }

    /** Whether a decision about this node changes what the run does now, and not only when it comes there. */
    private boolean isNews(String node) {
        return node.equals(Intervention.TRACE)
                || run.steps().find(node) != null
                || run.history().hasResult(node);
    }
}
