package io.reactivestore.examples.onboarding;

import io.reactivestore.examples.onboarding.Onboarding.Employee;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@picocli.CommandLine.Command(
        name = "crash-after",
        description =
                "Start an onboarding, or go on with it, and kill the JVM right behind the N-th new record (exit code 137).")
final class CrashAfterCommand extends Command {

    @Parameters(
            paramLabel = "N",
            description = "1 to " + Onboarding.RECORDS_BEFORE_SLEEP + "; behind the last, it is asleep.")
    private int records;

    @Option(names = "--id", paramLabel = "ID", description = "The trace. Default: made of the name.")
    private @Nullable String id;

    @Option(names = "--name", paramLabel = "NAME", description = "Who begins work. Default: ${DEFAULT-VALUE}.")
    private String name = "New Colleague";

    @Override
    public Integer call() {
        if (records < 1 || records > Onboarding.RECORDS_BEFORE_SLEEP) {
            throw new DemoException(
                    ExitCode.USAGE,
                    "N must be 1 to " + Onboarding.RECORDS_BEFORE_SLEEP
                            + ": three steps and the begin of a sleep are recorded before the workflow waits.");
        }
        String trace = id == null ? RunCommand.newId(name) : id;
        terminal().line(terminal().dim("Take it up again afterwards with:  demo resume " + trace));
        Progress progress = Progress.dyingAfter(terminal(), records).of(trace);
        try (Session session = openNew()) {
            Mono<Receipt> run = session.engine(progress).run(session.workflow(), trace, new Employee(name));
            tell(trace, progress, run);
            return ExitCode.OK;
        }
    }
}
