package io.reactivestore.examples.onboarding;

import io.reactivestore.examples.onboarding.Onboarding.Employee;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "run",
        description = "Start an onboarding, or go on with the one of this id. Stops at the manager's approval.")
final class RunCommand extends Command {

    @Option(names = "--id", paramLabel = "ID", description = "The trace. Default: made of the name.")
    private @Nullable String id;

    @Option(names = "--name", paramLabel = "NAME", description = "Who begins work. Default: ${DEFAULT-VALUE}.")
    private String name = "New Colleague";

    @Override
    public Integer call() {
        Progress progress = Progress.shownOn(terminal());
        try (Session session = openNew(progress)) {
            String trace = id == null ? newId(name) : id;
            return tell(session, trace, session.engine().run(session.workflow(), trace, new Employee(name)));
        }
    }

    /** Short enough to type. */
    static String newId(String name) {
        String first = name.strip().toLowerCase(Locale.ROOT).split("\\W+", 2)[0];
        String tail =
                Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36, 36 * 36 * 36 * 36 * 36), 36);
        return (first.isEmpty() ? "employee" : first) + "-" + tail;
    }
}
