package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.catalog.PurgePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(name = "purge", description = "Delete traces that have ended, and all that is theirs.")
final class PurgeCommand extends Command {

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description = "Only those begun so long ago, such as P30D or PT1H. Default: all.")
    private Duration age = Duration.ZERO;

    @Option(names = "--keep", paramLabel = "N", description = "Keep so many of the newest. Default: none.")
    private int keep;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            PurgePolicy policy = PurgePolicy.createdBefore(Instant.now().minus(age));
            long gone = Objects.requireNonNull(session.store()
                    .require(Capability.CATALOG)
                    .purge(keep == 0 ? policy : policy.keeping(keep))
                    .reduce(0L, Long::sum)
                    .block());
            terminal().line(gone + (gone == 1 ? " trace is" : " traces are") + " deleted.");
            return ExitCode.OK;
        }
    }
}
