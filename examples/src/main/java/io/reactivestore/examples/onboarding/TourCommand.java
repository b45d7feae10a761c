package io.reactivestore.examples.onboarding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

@picocli.CommandLine.Command(
        name = "tour",
        description = "The whole story on a fresh database: killed, taken over, approved, rejected, forked, shown.")
final class TourCommand extends Command {

    private static final String HIRED = "hire-1";
    private static final String REJECTED = "hire-2";
    private static final String FORKED = "what-if";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("onboarding-tour");
        try {
            return walk(new TourStage(terminal(), directory));
        } finally {
            delete(directory);
        }
    }

    private int walk(TourStage stage) throws IOException, InterruptedException {
        terminal().line("Each command below is a process of its own. They share nothing but a database file;");
        terminal().line("what the outside world sees (accounts made, mails sent) is noted in a ledger.");

        title("1. A process starts an onboarding and is killed behind its second recorded step.");
        stage.expect(ExitCode.KILLED, "crash-after", "2", "--id", HIRED);

        title("2. Another one is asked for the same id. It notices that the first is silent, takes over, and is");
        title("   killed as well, asleep: the laptop takes its time.");
        stage.expect(ExitCode.KILLED, "crash-after", "2", "--id", HIRED);

        title("3. A third one takes over at once. The sleep does not begin again; then the manager is asked.");
        stage.expect(ExitCode.OK, "resume", HIRED);

        title(
                "4. No process is left. What the trace waits for is in the database, and days later the manager says yes.");
        stage.expect(ExitCode.OK, "waits", HIRED);
        stage.expect(ExitCode.OK, "approve", HIRED, "--by", "The Manager", "--reason", "the budget is free");

        title("5. A second hire. This process waits on; the manager says no from another terminal. What was done is");
        title("   taken back, and in the midst of that the process is killed.");
        try (TourStage.Background waiting = stage.begin("run", "--id", REJECTED, "--wait", "--crash-in-undo")) {
            waiting.awaitLine("waits on");
            stage.expect(ExitCode.OK, "approve", REJECTED, "--reject", "--save-only", "--reason", "no budget");
            waiting.expect(ExitCode.KILLED);
        }

        title("6. The rest is taken back by the next one, and nothing twice.");
        stage.expect(ExitCode.OK, "resume", REJECTED);

        title("7. What if? A fork of the first hire, from before the manager's yes. Nothing is done again.");
        stage.expect(ExitCode.OK, "fork", HIRED, "--from", "4", "--as", FORKED);
        stage.expect(ExitCode.OK, "list");

        title("8. The journal of the second hire, as the database has it.");
        stage.expect(ExitCode.OK, "show", REJECTED);

        title("9. The ledger of the world.");
        return judge(stage.ledger());
    }

    /** What is in flight when a process dies may be done again: one thing for each of the two that died at work. */
    private int judge(List<String> ledger) {
        Map<String, Integer> effects = new LinkedHashMap<>();
        ledger.forEach(line -> effects.merge(line, 1, Integer::sum));
        effects.forEach((what, times) ->
                terminal().line("  " + Progress.padded(what) + "done " + (times == 1 ? "once" : times + " times")));
        Map<String, Integer> expected = Map.of(
                "create-account",
                2,
                "laptop",
                2,
                "access",
                2,
                "welcome-mail",
                1,
                "revoke-access",
                1,
                "return-laptop",
                1,
                "delete-account",
                1);
        int more = ledger.size()
                - expected.values().stream().mapToInt(Integer::intValue).sum();
        if (!effects.keySet().equals(expected.keySet()) || more < 0 || more > 2) {
            terminal().error("the ledger is not as it must be. This is a bug.");
            return ExitCode.ERROR;
        }
        terminal()
                .line(
                        more == 0
                                ? terminal().green("Two hires, three kills: no step was done twice, none was lost.")
                                : "A step in flight when its process died was done again, with the same idempotency key.");
        return ExitCode.OK;
    }

    private void title(String text) {
        if (!text.startsWith(" ")) {
            terminal().line("");
        }
        terminal().line(terminal().bold(text));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
