package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.DurableEngine;
import io.reactivestore.error.PositionConflictException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "fork",
        description = "Make a new trace of what another has on record up to a step, and run it from there.")
final class ForkCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace to copy from. Default: the newest.")
    private @Nullable String id;

    @Option(names = "--from", paramLabel = "STEP", required = true, description = "The last step to copy.")
    private long from;

    @Option(names = "--as", paramLabel = "ID", required = true, description = "The new trace.")
    private String fork = "";

    @Override
    public Integer call() {
        if (from < 0) {
            throw new DemoException(ExitCode.USAGE, "--from must be 0 or more: the number of the last step to copy.");
        }
        try (Session session = openExisting()) {
            String source = session.idOrNewest(id);
            Progress progress = Progress.shownOn(terminal()).of(fork);
            DurableEngine engine = session.engine(progress);
            tell(fork, progress, engine.fork(source, from, fork).then(engine.result(session.workflow(), fork)));
            return ExitCode.OK;
        } catch (PositionConflictException taken) {
            throw new DemoException(ExitCode.USAGE, "there is a trace '" + fork + "' already. Name another with --as.");
        }
    }
}
