package io.reactivestore.examples.onboarding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Capability;
import io.reactivestore.engine.RecordedJournal;
import io.reactivestore.error.PositionConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "import",
        description =
                "Read what export wrote, into any database. A trace that has not ended goes on there: demo resume.")
final class ImportCommand extends Command {

    @Parameters(paramLabel = "FILE", description = "The JSON lines.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(file)) {
            throw new DemoException(ExitCode.USAGE, "there is no file " + file + ".");
        }
        RecordedJournal journal = RecordedJournal.parseLines(Files.readAllLines(file, UTF_8));
        try (Session session = openNew()) {
            session.store()
                    .require(Capability.JOURNAL)
                    .restore(journal.traceId(), journal.entries(), journal.tags())
                    .block();
            terminal()
                    .line("Trace " + journal.traceId() + ": "
                            + journal.entries().size() + " entries are restored. See: demo show " + journal.traceId());
            return ExitCode.OK;
        } catch (PositionConflictException taken) {
            throw new DemoException(
                    ExitCode.ERROR, "there is another trace '" + journal.traceId() + "' in this database.");
        }
    }
}
