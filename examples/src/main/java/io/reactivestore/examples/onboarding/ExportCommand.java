package io.reactivestore.examples.onboarding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.engine.RecordedJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "export",
        description = "Write a trace as JSON lines, the last of which seals the others.")
final class ExportCommand extends Command {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The trace. Default: the newest.")
    private @Nullable String id;

    @Option(names = "--to", paramLabel = "FILE", description = "Where to write. Default: the terminal.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException {
        try (Session session = openExisting()) {
            String trace = session.idOrNewest(id);
            RecordedJournal journal = Objects.requireNonNull(
                    RecordedJournal.of(session.store(), trace).block());
            if (file == null) {
                journal.toJsonLines().forEach(terminal()::line);
            } else {
                Files.write(file, journal.toJsonLines(), UTF_8);
                terminal().line("Trace " + trace + ": " + journal.entries().size() + " entries are in " + file + ".");
            }
            return ExitCode.OK;
        }
    }
}
