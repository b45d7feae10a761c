package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.Wait;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(name = "waits", description = "List what a trace waits for.")
final class WaitsCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            List<Wait> waits = session.desk().waits(trace).collectList().block();
            if (waits == null || waits.isEmpty()) {
                terminal().line("Trace " + trace + " waits for nothing.");
                return ExitCode.OK;
            }
            Table table = new Table("NODE", "WAITS FOR", "TYPE", "SINCE", "UNTIL");
            waits.forEach(wait -> table.row(
                    false,
                    wait.node(),
                    wait.kind().name(),
                    wait.type() == null ? "" : wait.type().replaceAll(".*[.$]", ""),
                    Table.time(wait.since()),
                    wait.until() == null ? "" : Table.time(wait.until())));
            table.printTo(terminal());
            return ExitCode.OK;
        }
    }
}
