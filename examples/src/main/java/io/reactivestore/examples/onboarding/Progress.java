package io.reactivestore.examples.onboarding;

import io.reactivestore.Outcome;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.EngineEvent.Recovered;
import io.reactivestore.engine.EngineEvent.RunStarted;
import io.reactivestore.engine.EngineEvent.RunSuspended;
import io.reactivestore.engine.EngineEvent.StepRecorded;
import io.reactivestore.engine.EngineEvent.Waiting;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Shows what the engine does with one trace, a line per step; and, on request, dies right behind one. */
final class Progress implements Consumer<EngineEvent> {

    private static final String UNDO = "$undo:";

    private final Terminal terminal;
    private final Predicate<StepRecorded> deadly;
    private final Sinks.One<String> waiting = Sinks.one();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String trace;
    private volatile boolean started;

    private Progress(Terminal terminal, Predicate<StepRecorded> deadly) {
        this.terminal = terminal;
        this.deadly = deadly;
    }

    static Progress shownOn(Terminal terminal) {
        return new Progress(terminal, step -> false);
    }

    static Progress dyingAfter(Terminal terminal, int records) {
        AtomicInteger recorded = new AtomicInteger();
        return new Progress(terminal, step -> recorded.incrementAndGet() == records);
    }

    /** Dies behind the first step that has been taken back. */
    static Progress dyingInUndo(Terminal terminal) {
        return new Progress(terminal, step -> step.nodeId().startsWith(UNDO));
    }

    /** The trace to show. */
    Progress of(String traceId) {
        trace = traceId;
        return this;
    }

    /** Completes once the trace only waits for a decision and has left memory. */
    Mono<String> waiting() {
        return waiting.asMono();
    }

    /** Whether anything was run at all; a trace that has ended gives its result without. */
    boolean hasStarted() {
        return started;
    }

    @Override
    public void accept(EngineEvent event) {
        if (!event.traceId().equals(trace)) {
            return;
        }
        if (event instanceof Recovered) {
            terminal.line(terminal.dim("The process that had " + event.traceId() + " is silent: taken over from it."));
        } else if (event instanceof RunStarted start && !started) {
            started = true;
            String how = start.resumptions() == 0 ? "" : "  resumption " + start.resumptions();
            terminal.line(terminal.bold(start.workflow() + " " + start.traceId()) + terminal.dim(how));
        } else if (event instanceof StepRecorded step) {
            show(step);
        } else if (event instanceof Waiting wait) {
            showWait(wait.nodeId());
        } else if (event instanceof RunSuspended suspended && suspended.dueAt() == null) {
            waiting.tryEmitValue(event.traceId());
        }
    }

    private void showWait(String node) {
        if (shown.add("waits " + node)) {
            boolean asleep = node.equals(Onboarding.DELIVERY);
            terminal.line("  " + terminal.yellow(terminal.mark("…", "?")) + "   " + padded(node)
                    + terminal.yellow(asleep ? "asleep; until when is on record" : "waits for a decision"));
        }
    }

    private void show(StepRecorded step) {
        if (step.nodeId().equals(Onboarding.DELIVERY) && step.outcome() == Outcome.STARTED) {
            showWait(step.nodeId());
        } else if (step.outcome() != Outcome.STARTED && !(shown.contains(step.nodeId()) && step.replayed())) {
            shown.add(step.nodeId());
            terminal.line("  " + mark(step) + " " + step.step() + " " + name(step) + state(step));
        }
        if (!step.replayed() && deadly.test(step)) {
            terminal.line(terminal.red("  " + terminal.mark("☠", "!")
                    + "   killed: the JVM halts right here (exit code " + ExitCode.KILLED + ")"));
            terminal.out().flush();
            Runtime.getRuntime().halt(ExitCode.KILLED);
        }
    }

    private String mark(StepRecorded step) {
        if (step.replayed()) {
            return terminal.dim(terminal.mark("·", "-"));
        }
        return step.outcome() == Outcome.FAULT
                ? terminal.red(terminal.mark("✗", "x"))
                : terminal.green(terminal.mark("✓", "+"));
    }

    private static String name(StepRecorded step) {
        String node = step.nodeId();
        return padded(node.startsWith(UNDO) ? node.substring(UNDO.length()) : node);
    }

    private String state(StepRecorded step) {
        boolean undone = step.nodeId().startsWith(UNDO);
        if (step.replayed()) {
            return terminal.dim(undone ? "taken back already" : "on record, not done again");
        }
        if (step.outcome() == Outcome.FAULT) {
            return terminal.red("failed, recorded");
        }
        return undone ? terminal.yellow("taken back, recorded") : "done, recorded";
    }

    static String padded(String node) {
        return String.format("%-18s", node);
    }
}
