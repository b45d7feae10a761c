package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "show",
        description = "Show the journal of a trace, entry by entry; what a resume voided is marked.")
final class ShowCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            List<JournalEntry> entries = session.store()
                    .require(Capability.JOURNAL)
                    .read(trace, 0)
                    .collectList()
                    .block();
            if (entries == null || entries.isEmpty()) {
                throw new TraceNotFoundException(trace);
            }
            terminal().line("Journal of trace " + terminal().bold(trace));
            JournalTable.of(entries).printTo(terminal());
            return ExitCode.OK;
        }
    }
}
