package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.TraceHead;
import java.util.List;

@picocli.CommandLine.Command(name = "list", description = "List the newest traces.")
final class ListCommand extends Command {

    private static final int LIMIT = 20;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            List<TraceHead> heads = session.store()
                    .require(Capability.CATALOG)
                    .recent(LIMIT)
                    .collectList()
                    .block();
            if (heads == null || heads.isEmpty()) {
                terminal().line("There is no trace yet. Begin with: demo run");
                return ExitCode.OK;
            }
            Table table = new Table("TRACE", "WORKFLOW", "STATUS", "STARTED", "CHANGED");
            heads.forEach(head -> table.row(
                    false,
                    head.traceId(),
                    head.workflow() + ":" + head.version(),
                    head.status().name(),
                    Table.time(head.createdAt()),
                    Table.time(head.updatedAt())));
            table.printTo(terminal());
            return ExitCode.OK;
        }
    }
}
