package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.DurableEngine;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@picocli.CommandLine.Command(
        name = "resume",
        description = "Take an unfinished trace over: what is on record is not done again.")
final class ResumeCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Option(
            names = "--from",
            paramLabel = "STEP",
            description = "Keep the steps up to this one, do again what lies beyond. 0 starts over.")
    private @Nullable Long from;

    @Override
    public Integer call() {
        if (from != null && from < 0) {
            throw new DemoException(ExitCode.USAGE, "--from must be 0 or more: the number of the last step to keep.");
        }
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            Progress progress = Progress.shownOn(terminal()).of(trace);
            DurableEngine engine = session.engine(progress);
            Mono<Receipt> run = from == null
                    ? engine.resume(session.workflow(), trace)
                    : engine.resume(session.workflow(), trace, from);
            tell(trace, progress, run);
            return ExitCode.OK;
        }
    }
}
