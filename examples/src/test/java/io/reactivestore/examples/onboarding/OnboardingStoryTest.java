package io.reactivestore.examples.onboarding;

import static io.reactivestore.examples.onboarding.DemoProcess.demo;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo promises, shown with real processes on a real file. */
class OnboardingStoryTest {

    @TempDir
    private Path directory;

    @Test
    void a_run_waits_for_the_manager_and_ends_when_he_approves() throws Exception {
        DemoProcess run = demo(directory, "run", "--id", "hire-1", "--name", "New Colleague")
                .succeeds();
        assertThat(run.out()).contains("new trace", "State: waiting", "demo approve hire-1");

        assertThat(demo(directory, "list").succeeds().out()).contains("hire-1", "onboarding:1", "RUNNING");

        DemoProcess approve = demo(directory, "approve", "--by", "Charles").succeeds();
        assertThat(approve.out())
                .contains("on record, not done again", "welcome-mail", "State: SUCCESS", "approved by Charles");

        assertThat(demo(directory, "run", "--id", "hire-1").succeeds().out())
                .contains("had ended already", "State: SUCCESS", "approved by Charles");

        DemoProcess show = demo(directory, "show").succeeds();
        assertThat(show.out().lines().skip(2).map(line -> line.replaceAll("\\s+", " ")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("1 0 start 1 SUCCESS")
                                .contains("New Colleague"),
                        line -> assertThat(line).startsWith("2 1 create-account 1 SUCCESS"),
                        line -> assertThat(line).startsWith("3 2 laptop 1 SUCCESS"),
                        line -> assertThat(line).startsWith("4 3 access 1 SUCCESS"),
                        line -> assertThat(line)
                                .startsWith("5 manager-approval decision SUPPLY")
                                .contains("by Charles"),
                        line -> assertThat(line).startsWith("6 resumed behind 3"),
                        line -> assertThat(line).startsWith("7 4 manager-approval 1 SUCCESS"),
                        line -> assertThat(line).startsWith("8 5 welcome-mail 1 SUCCESS"),
                        line -> assertThat(line).startsWith("9 ended: SUCCESS"));
        demo(directory, "resume").complains(ExitCode.ENDED, "already ended with SUCCESS");
        demo(directory, "approve", "hire-1").complains(ExitCode.ENDED, "already ended with SUCCESS");
    }

    @Test
    void a_killed_run_is_taken_up_and_no_recorded_step_is_done_again() throws Exception {
        DemoProcess killed = demo(directory, "crash-after", "1", "--id", "hire-1", "--ledger", "world.txt");
        assertThat(killed.exitCode()).isEqualTo(ExitCode.KILLED);
        assertThat(killed.out()).contains("create-account", "killed");

        DemoProcess resumed = demo(directory, "resume", "--ledger", "world.txt").succeeds();
        assertThat(resumed.out())
                .containsPattern("1 create-account +on record, not done again")
                .containsPattern("2 laptop +done, recorded")
                .contains("State: waiting");
        demo(directory, "approve", "--ledger", "world.txt").succeeds();

        assertThat(Files.readAllLines(directory.resolve("world.txt")))
                .containsExactly("create-account", "laptop", "access", "welcome-mail");
    }

    @Test
    void a_rewound_run_does_again_what_lies_beyond_and_the_journal_keeps_both() throws Exception {
        demo(directory, "run", "--id", "hire-1").succeeds();
        assertThat(demo(directory, "resume", "hire-1", "--from", "1").succeeds().out())
                .containsPattern("1 create-account +on record, not done again")
                .containsPattern("2 laptop +done, recorded");

        assertThat(demo(directory, "show", "hire-1").succeeds().out())
                .containsPattern("2 +laptop +1 +SUCCESS \\(void\\)")
                .containsPattern("3 +access +1 +SUCCESS \\(void\\)")
                .contains("resumed behind 1")
                .doesNotContainPattern("create-account +1 +SUCCESS \\(void\\)");
        demo(directory, "resume", "hire-1", "--from", "7").complains(ExitCode.USAGE, "has no step 7", "newest is 3");
    }

    @Test
    void a_rejected_run_ends_with_a_fault_that_names_the_reason() throws Exception {
        demo(directory, "run", "--id", "hire-1").succeeds();
        assertThat(demo(directory, "approve", "--reject", "--by", "Charles", "--reason", "no budget")
                        .succeeds()
                        .out())
                .contains("State: FAULT", "by Charles: no budget");
        demo(directory, "run", "--id", "hire-1").complains(ExitCode.ERROR, "ended with FAULT", "no budget");
    }

    @Test
    void the_tour_tells_the_whole_story() throws Exception {
        assertThat(demo(directory, "tour").succeeds().out())
                .contains(
                        "killed: the JVM halts right here",
                        "State: waiting",
                        "State: SUCCESS",
                        "Journal of trace hire-1")
                .endsWith("no step was done twice, none was lost." + System.lineSeparator());
        assertThat(directory).isEmptyDirectory();
    }
}
