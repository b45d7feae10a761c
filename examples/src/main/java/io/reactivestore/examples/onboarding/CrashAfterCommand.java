package io.reactivestore.examples.onboarding;

import io.reactivestore.examples.onboarding.Onboarding.Employee;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "crash-after",
        description = "Start an onboarding and kill the JVM right behind the N-th recorded step (exit code 137).")
final class CrashAfterCommand extends Command {

    @Parameters(paramLabel = "N", description = "1 to " + Onboarding.STEPS_BEFORE_APPROVAL + ".")
    private int steps;

    @Option(names = "--id", paramLabel = "ID", description = "The trace. Default: made of the name.")
    private @Nullable String id;

    @Option(names = "--name", paramLabel = "NAME", description = "Who begins work. Default: ${DEFAULT-VALUE}.")
    private String name = "New Colleague";

    @Override
    public Integer call() {
        if (steps < 1 || steps > Onboarding.STEPS_BEFORE_APPROVAL) {
            throw new DemoException(
                    ExitCode.USAGE,
                    "N must be 1 to " + Onboarding.STEPS_BEFORE_APPROVAL
                            + ": so many steps are recorded before the workflow waits.");
        }
        String trace = id == null ? RunCommand.newId(name) : id;
        terminal().line(terminal().dim("Take it up again afterwards with:  demo resume " + trace));
        try (Session session = openNew(Progress.dyingAfter(terminal(), steps))) {
            return tell(session, trace, session.engine().run(session.workflow(), trace, new Employee(name)));
        }
    }
}
