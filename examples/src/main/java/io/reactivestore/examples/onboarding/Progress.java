package io.reactivestore.examples.onboarding;

import io.reactivestore.Outcome;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.EngineEvent.RunStarted;
import io.reactivestore.engine.EngineEvent.StepRecorded;
import io.reactivestore.engine.EngineEvent.Waiting;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Shows what the engine does, a line per step; and, on request, dies right behind one. */
final class Progress implements Consumer<EngineEvent> {

    private static final int NEVER = 0;

    private final Terminal terminal;
    private final int crashAfter;
    private final AtomicInteger recorded = new AtomicInteger();
    private final Sinks.One<String> waiting = Sinks.one();
    private volatile boolean started;

    private Progress(Terminal terminal, int crashAfter) {
        this.terminal = terminal;
        this.crashAfter = crashAfter;
    }

    static Progress shownOn(Terminal terminal) {
        return new Progress(terminal, NEVER);
    }

    static Progress dyingAfter(Terminal terminal, int steps) {
        return new Progress(terminal, steps);
    }

    /** Emits the node that waits for a decision, once there is one. */
    Mono<String> waiting() {
        return waiting.asMono();
    }

    /** Whether anything was run at all; a trace that has ended gives its result without. */
    boolean hasStarted() {
        return started;
    }

    @Override
    public void accept(EngineEvent event) {
        if (event instanceof RunStarted start) {
            started = true;
            String how = start.resumptions() == 0 ? "new trace" : "resumption " + start.resumptions();
            terminal.line(terminal.bold(start.workflow() + " " + start.traceId()) + terminal.dim("  " + how));
        } else if (event instanceof StepRecorded step) {
            show(step);
        } else if (event instanceof Waiting wait) {
            terminal.line("  " + terminal.yellow(terminal.mark("…", "?")) + "   " + padded(wait.nodeId())
                    + terminal.yellow("waits for a decision"));
            waiting.tryEmitValue(wait.nodeId());
        }
    }

    private void show(StepRecorded step) {
        boolean failed = step.outcome() == Outcome.FAULT;
        String mark = step.replayed()
                ? terminal.dim(terminal.mark("·", "-"))
                : failed ? terminal.red(terminal.mark("✗", "x")) : terminal.green(terminal.mark("✓", "+"));
        String state = step.replayed()
                ? terminal.dim("on record, not done again")
                : failed ? terminal.red("failed, recorded") : "done, recorded";
        terminal.line("  " + mark + " " + step.step() + " " + padded(step.nodeId()) + state);
        if (!step.replayed() && recorded.incrementAndGet() == crashAfter) {
            terminal.line(terminal.red("  " + terminal.mark("☠", "!") + "   killed: the JVM halts right here, behind "
                    + crashAfter + (crashAfter == 1 ? " recorded step" : " recorded steps") + " (exit code "
                    + ExitCode.KILLED + ")"));
            terminal.out().flush();
            Runtime.getRuntime().halt(ExitCode.KILLED);
        }
    }

    static String padded(String node) {
        return String.format("%-18s", node);
    }
}
