package io.reactivestore.examples.onboarding;

import static io.reactivestore.examples.onboarding.DemoProcess.demo;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with the demo's commands. */
class OperatorStoryTest {

    @TempDir
    private Path directory;

    private String database(String name) {
        return "r2dbc:h2:file:///" + directory.resolve(name);
    }

    @Test
    void a_trace_that_has_ended_moves_to_another_database_bit_for_bit_and_is_purged_here() throws Exception {
        String here = database("here");
        String there = database("there");
        Path file = directory.resolve("hire-1.jsonl");
        demo(directory, "run", "--id", "hire-1", "--db", here).succeeds();
        demo(directory, "approve", "--db", here).succeeds();
        demo(directory, "export", "hire-1", "--to", file.toString(), "--db", here)
                .succeeds();
        assertThat(demo(directory, "stats", "--db", here).succeeds().out()).containsPattern("SUCCESS +1");

        demo(directory, "import", file.toString(), "--db", there).succeeds();
        assertThat(demo(directory, "export", "--db", there)
                        .succeeds()
                        .out()
                        .lines()
                        .toList())
                .isEqualTo(Files.readAllLines(file));
        assertThat(demo(directory, "show", "hire-1", "--db", there).succeeds().out())
                .isEqualTo(demo(directory, "show", "hire-1", "--db", here)
                        .succeeds()
                        .out());

        assertThat(demo(directory, "purge", "--older-than", "P1D", "--db", here)
                        .succeeds()
                        .out())
                .contains("0 traces are deleted");
        assertThat(demo(directory, "purge", "--db", here).succeeds().out()).contains("1 trace is deleted");
        demo(directory, "show", "hire-1", "--db", here).complains(ExitCode.UNKNOWN_TRACE, "'hire-1'");
    }

    @Test
    void a_trace_that_waits_goes_on_where_it_was_moved_to() throws Exception {
        String here = database("here");
        String there = database("there");
        Path file = directory.resolve("hire-2.jsonl");
        demo(directory, "run", "--id", "hire-2", "--db", here).succeeds();
        demo(directory, "export", "--to", file.toString(), "--db", here).succeeds();
        demo(directory, "import", file.toString(), "--db", there).succeeds();

        assertThat(demo(directory, "approve", "hire-2", "--db", there)
                        .succeeds()
                        .out())
                .contains("on record, not done again", "State: SUCCESS");
        demo(directory, "import", file.toString(), "--db", there).complains(ExitCode.ERROR, "another trace 'hire-2'");
    }

    @Test
    void a_file_that_was_changed_on_its_way_is_refused() throws Exception {
        String here = database("here");
        Path file = directory.resolve("hire-3.jsonl");
        demo(directory, "run", "--id", "hire-3", "--db", here).succeeds();
        demo(directory, "export", "--to", file.toString(), "--db", here).succeeds();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replace("create-account", "create-Account"));
        Files.write(file, lines);

        demo(directory, "import", file.toString(), "--db", database("there"))
                .complains(ExitCode.USAGE, "lost or changed on the way");
        demo(directory, "import", "nowhere.jsonl", "--db", database("there")).complains(ExitCode.USAGE, "no file");
    }

    @Test
    void dead_letters_are_listed_and_settled() throws Exception {
        String here = database("here");
        demo(directory, "run", "--id", "hire-4", "--db", here).succeeds();
        assertThat(demo(directory, "dead-letters", "--db", here).succeeds().out())
                .contains("There is no dead letter");
        demo(directory, "dead-letters", "resolve", "hire-4", "--reason", "x", "--db", here)
                .complains(ExitCode.ERROR, "hire-4");
        demo(directory, "dead-letters", "resolve", "--db", here).complains(ExitCode.USAGE, "name the letter");
        assertThat(demo(directory, "approve", "hire-4", "--reject", "--db", here)
                        .succeeds()
                        .out())
                .contains("COMPENSATED");

        assertThat(demo(directory, "dead-letters", "list", "--db", here)
                        .succeeds()
                        .out())
                .contains("hire-4", "PENDING");
        demo(directory, "dead-letters", "resolve", "hire-4", "--db", here).complains(ExitCode.USAGE, "--reason");
        demo(directory, "dead-letters", "resolve", "hire-4", "--reason", "not hired", "--db", here)
                .succeeds();
        assertThat(demo(directory, "stats", "--db", here).succeeds().out()).containsPattern("RESOLVED +1");
    }
}
