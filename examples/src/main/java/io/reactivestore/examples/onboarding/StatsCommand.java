package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.deadletters.DeadLetterState;
import java.util.Map;
import java.util.Objects;

@picocli.CommandLine.Command(name = "stats", description = "Count traces by status, and dead letters by state.")
final class StatsCommand extends Command {

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            TraceStats stats = Objects.requireNonNull(session.store()
                    .require(Capability.CATALOG)
                    .stats(TraceFilter.ALL)
                    .block());
            Table traces = new Table("TRACES", "COUNT");
            for (TraceStatus status : TraceStatus.values()) {
                traces.row(stats.count(status) == 0, status.name(), "" + stats.count(status));
            }
            traces.row(false, "all", "" + stats.total());
            traces.printTo(terminal());
            if (stats.oldest() != null && stats.newest() != null) {
                terminal().line("Oldest: " + Table.time(stats.oldest()) + ", newest: " + Table.time(stats.newest()));
            }
            Map<DeadLetterState, Long> letters = Objects.requireNonNull(
                    session.store().require(Capability.DEAD_LETTERS).counts().block());
            Table table = new Table("DEAD LETTERS", "COUNT");
            letters.forEach((state, count) -> table.row(count == 0, state.name(), "" + count));
            table.printTo(terminal());
            return ExitCode.OK;
        }
    }
}
