package io.reactivestore.examples.onboarding;

import static io.reactivestore.examples.onboarding.DemoProcess.demo;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every trouble is one line that says what to do, and an exit code. */
class TroubleTest {

    @TempDir
    private Path directory;

    @Test
    void before_the_first_run_there_is_no_database() throws Exception {
        demo(directory, "list").complains(ExitCode.DATABASE, "there is no database", "demo run");
        demo(directory, "show").complains(ExitCode.DATABASE, "there is no database");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_missing_directory_is_not_made() throws Exception {
        demo(directory, "run", "--db", "r2dbc:h2:file:///./nowhere/db")
                .complains(ExitCode.DATABASE, "there is no directory ./nowhere");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void an_unknown_trace_and_an_empty_database() throws Exception {
        String url = "r2dbc:h2:file:///" + directory.resolve("db");
        R2dbcStore empty = R2dbcStore.create(url);
        empty.migrate().then(empty.close()).block();

        demo(directory, "show", "nobody", "--db", url).complains(ExitCode.UNKNOWN_TRACE, "'nobody'", "demo list");
        demo(directory, "resume", "nobody", "--db", url).complains(ExitCode.UNKNOWN_TRACE, "'nobody'");
        demo(directory, "approve", "nobody", "--db", url).complains(ExitCode.UNKNOWN_TRACE, "'nobody'");
        demo(directory, "resume", "--db", url).complains(ExitCode.UNKNOWN_TRACE, "there is no trace yet");
        assertThat(demo(directory, "list", "--db", url).succeeds().out()).contains("There is no trace yet");
    }

    @Test
    void a_locked_database() throws Exception {
        String url = "r2dbc:h2:file:///" + directory.resolve("db");
        R2dbcStore holder = R2dbcStore.create(url);
        holder.migrate().block();
        try {
            demo(directory, "list", "--db", url).complains(ExitCode.DATABASE, "is locked by another process");
        } finally {
            holder.close().block();
        }
    }

    @Test
    void a_wrong_command_line() throws Exception {
        demo(directory, "run", "--id", "x".repeat(300)).complains(ExitCode.USAGE, "1 to 255 characters");
        demo(directory, "crash-after", "9").complains(ExitCode.USAGE, "N must be 1 to 4");
        demo(directory, "crash-after", "many").complains(ExitCode.USAGE, "'many'");
        demo(directory, "frobnicate").complains(ExitCode.USAGE, "frobnicate");
        demo(directory, "run", "--db", "elsewhere").complains(ExitCode.USAGE, "r2dbc");
    }

    @Test
    void the_help_lists_the_exit_codes() throws Exception {
        assertThat(demo(directory, "--help").succeeds().out())
                .contains("Exit codes:", "3     there is no such trace", "137   killed");
    }
}
