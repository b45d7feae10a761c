package io.reactivestore.examples.onboarding;

import static io.reactivestore.examples.onboarding.DemoProcess.demo;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.examples.cluster.OwnDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo promises, shown with real processes on a real file. */
class OnboardingStoryTest {

    @TempDir
    private Path directory;

    @Test
    void a_run_sleeps_and_waits_for_the_manager_and_ends_when_he_approves() throws Exception {
        DemoProcess run = demo(directory, "run", "--id", "hire-1", "--name", "New Colleague")
                .succeeds();
        assertThat(run.out()).contains("asleep", "State: waiting", "demo approve hire-1");

        assertThat(demo(directory, "list").succeeds().out()).contains("hire-1", "onboarding:1", "WAITING");
        assertThat(demo(directory, "waits").succeeds().out())
                .containsPattern("manager-approval +DECISION +Approval")
                .doesNotContain("delivery");

        DemoProcess approve = demo(directory, "approve", "--by", "Charles").succeeds();
        assertThat(approve.out())
                .contains("on record, not done again", "welcome-mail", "State: SUCCESS", "approved by Charles");

        assertThat(demo(directory, "run", "--id", "hire-1").succeeds().out())
                .contains("had ended already", "State: SUCCESS", "approved by Charles");
        assertThat(demo(directory, "waits").succeeds().out()).contains("waits for nothing");

        DemoProcess show = demo(directory, "show").succeeds();
        assertThat(show.out().lines().skip(2).map(line -> line.replaceAll("\\s+", " ")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("1 0 start 1 SUCCESS")
                                .contains("New Colleague"),
                        line -> assertThat(line).startsWith("2 1 create-account 1 SUCCESS"),
                        line -> assertThat(line).startsWith("3 2 laptop 1 SUCCESS"),
                        line -> assertThat(line).startsWith("4 3 access 1 SUCCESS"),
                        line -> assertThat(line).startsWith("5 4 delivery 1 STARTED"),
                        line -> assertThat(line).startsWith("6 waits").contains("until"),
                        line -> assertThat(line).startsWith("7 claimed").contains("by demo-"),
                        line -> assertThat(line).startsWith("8 4 delivery 1 SUCCESS"),
                        line -> assertThat(line).startsWith("9 5 manager-approval 1 STARTED"),
                        line -> assertThat(line).startsWith("10 waits").contains("for a decision"),
                        line -> assertThat(line)
                                .startsWith("11 manager-approval decision SUPPLY")
                                .contains("by Charles"),
                        line -> assertThat(line).startsWith("12 claimed"),
                        line -> assertThat(line).startsWith("13 5 manager-approval 1 SUCCESS"),
                        line -> assertThat(line).startsWith("14 6 welcome-mail 1 SUCCESS"),
                        line -> assertThat(line).startsWith("15 ended: SUCCESS"));
        demo(directory, "resume").complains(ExitCode.ENDED, "already ended with SUCCESS");
        demo(directory, "approve", "hire-1").complains(ExitCode.ENDED, "already ended with SUCCESS");
    }

    @Test
    void a_killed_run_is_taken_over_by_resume_and_no_recorded_step_is_done_again() throws Exception {
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
    void a_run_killed_asleep_is_taken_over_by_itself_and_the_sleep_does_not_begin_again() throws Exception {
        DemoProcess killed = demo(directory, "crash-after", "4", "--id", "hire-1");
        assertThat(killed.exitCode()).isEqualTo(ExitCode.KILLED);
        assertThat(killed.out()).contains("asleep", "killed");

        assertThat(demo(directory, "run", "--id", "hire-1").succeeds().out())
                .contains("is silent: taken over")
                .containsPattern("3 access +on record, not done again")
                .containsPattern("4 delivery +done, recorded")
                .contains("State: waiting");
        assertThat(demo(directory, "show").succeeds().out()).containsOnlyOnce("delivery          1    STARTED");
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
        demo(directory, "resume", "hire-1", "--from", "7").complains(ExitCode.USAGE, "has no step 7", "newest is 5");
    }

    @Test
    void a_fork_runs_from_its_step_and_does_nothing_again() throws Exception {
        demo(directory, "run", "--id", "hire-1", "--ledger", "world.txt").succeeds();
        assertThat(demo(directory, "fork", "hire-1", "--from", "4", "--as", "what-if", "--ledger", "world.txt")
                        .succeeds()
                        .out())
                .containsPattern("3 access +on record, not done again")
                .contains("State: waiting");
        assertThat(Files.readAllLines(directory.resolve("world.txt")))
                .containsExactly("create-account", "laptop", "access");
        assertThat(demo(directory, "list").succeeds().out()).contains("hire-1", "what-if");
        demo(directory, "fork", "hire-1", "--from", "4", "--as", "what-if")
                .complains(ExitCode.USAGE, "there is a trace 'what-if' already");
        demo(directory, "fork", "hire-1", "--from", "9", "--as", "other").complains(ExitCode.USAGE, "has no step 9");
    }

    @Test
    void a_rejected_run_is_taken_back_and_a_crash_in_the_midst_of_that_takes_nothing_back_twice() throws Exception {
        demo(directory, "run", "--id", "hire-1", "--ledger", "world.txt").succeeds();
        DemoProcess killed = demo(
                directory,
                "approve",
                "--reject",
                "--by",
                "Charles",
                "--reason",
                "no budget",
                "--crash-in-undo",
                "--ledger",
                "world.txt");
        assertThat(killed.exitCode()).isEqualTo(ExitCode.KILLED);
        assertThat(killed.out()).containsPattern("access +taken back, recorded").contains("killed");

        assertThat(demo(directory, "resume", "--ledger", "world.txt").succeeds().out())
                .containsPattern("laptop +taken back, recorded")
                .containsPattern("create-account +taken back, recorded")
                .contains("State: COMPENSATED", "by Charles: no budget");
        assertThat(Files.readAllLines(directory.resolve("world.txt")))
                .containsExactly(
                        "create-account", "laptop", "access", "revoke-access", "return-laptop", "delete-account");
        assertThat(demo(directory, "run", "--id", "hire-1").succeeds().out())
                .contains("State: COMPENSATED", "no budget");
    }

    @Test
    void a_process_that_waits_goes_on_when_another_one_has_decided_though_both_share_a_file() throws Exception {
        decideFromAnotherProcess("r2dbc:h2:file:///" + directory.resolve("db"));
    }

    @Test
    void a_process_that_waits_hears_of_a_decision_from_another_one_on_a_server() throws Exception {
        decideFromAnotherProcess(OwnDatabase.create().url());
    }

    private void decideFromAnotherProcess(String url) throws Exception {
        CompletableFuture<DemoProcess> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return demo(directory, "run", "--id", "hire-1", "--wait", "--db", url);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        while (!demo(directory, "waits", "hire-1", "--db", url).out().contains(Onboarding.APPROVAL)) {
            assertThat(waiting).isNotDone();
        }
        assertThat(demo(directory, "approve", "hire-1", "--by", "Charles", "--save-only", "--db", url)
                        .succeeds()
                        .out())
                .contains("is saved");
        assertThat(waiting.get().succeeds().out()).contains("State: waiting", "State: SUCCESS", "approved by Charles");
    }

    @Test
    void the_tour_tells_the_whole_story() throws Exception {
        assertThat(demo(directory, "tour").succeeds().out())
                .contains(
                        "killed: the JVM halts right here",
                        "is silent: taken over from it",
                        "State: waiting",
                        "State: SUCCESS",
                        "This process waits on",
                        "State: COMPENSATED",
                        "Journal of trace hire-2")
                .endsWith("no step was done twice, none was lost." + System.lineSeparator());
        assertThat(directory).isEmptyDirectory();
    }
}
