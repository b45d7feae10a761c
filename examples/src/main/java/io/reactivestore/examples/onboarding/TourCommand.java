package io.reactivestore.examples.onboarding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@picocli.CommandLine.Command(
        name = "tour",
        description = "The whole story on a fresh database: run, killed half-way, resume, approve, show.")
final class TourCommand extends Command {

    private static final String TRACE = "hire-1";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("onboarding-tour");
        try {
            return walk(directory);
        } finally {
            delete(directory);
        }
    }

    private int walk(Path directory) throws IOException, InterruptedException {
        Path ledger = directory.resolve("world.txt");
        terminal().line("Each command below is a process of its own. They share nothing but a database file;");
        terminal().line("what the outside world sees (accounts made, mails sent) is noted in a ledger.");

        title("1. A process starts an onboarding and is killed behind its second recorded step.");
        expect(ExitCode.KILLED, directory, "crash-after", "2", "--id", TRACE);
        int before =
                effects(ledger).values().stream().mapToInt(Integer::intValue).sum();
        terminal().line("The world has seen " + before + " things done; 'access' was in mid-flight.");

        title("2. A second process takes the trace up. What is on record is not done again.");
        expect(ExitCode.OK, directory, "resume", TRACE);

        title("3. The second process is gone as well. Days later the manager says yes, in a third one.");
        expect(ExitCode.OK, directory, "approve", TRACE, "--by", "The Manager", "--reason", "the budget is free");

        title("4. Running the same id again does nothing: the recorded result is given.");
        expect(ExitCode.OK, directory, "run", "--id", TRACE);

        title("5. The journal, as the database has it.");
        expect(ExitCode.OK, directory, "show", TRACE);

        title("6. The ledger of the world.");
        return judge(effects(ledger));
    }

    private int judge(Map<String, Integer> effects) {
        effects.forEach((what, times) ->
                terminal().line("  " + Progress.padded(what) + "done " + (times == 1 ? "once" : times + " times")));
        boolean once = effects.size() == 4 && effects.values().stream().allMatch(times -> times == 1);
        if (!once && effects.values().stream().mapToInt(Integer::intValue).sum() > effects.size() + 1) {
            terminal().error("a recorded step was done again. This is a bug.");
            return ExitCode.ERROR;
        }
        terminal()
                .line(
                        once
                                ? terminal()
                                        .green(
                                                "Three processes, one killed half-way: no step was done twice, none was lost.")
                                : "The step in flight when the process died was done again, with the same idempotency key.");
        return ExitCode.OK;
    }

    private void expect(int exitCode, Path directory, String... arguments) throws IOException, InterruptedException {
        terminal().line(terminal().dim("$ demo " + quoted(arguments)));
        terminal().out().flush();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--db",
                "r2dbc:h2:file:///" + directory.resolve("db").toAbsolutePath(),
                "--ledger",
                directory.resolve("world.txt").toString()));
        int found = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (found != exitCode) {
            throw new DemoException(
                    ExitCode.ERROR, "the tour stops: exit code " + found + " where " + exitCode + " was expected.");
        }
    }

    private static String quoted(String... arguments) {
        return Stream.of(arguments)
                .map(argument -> argument.contains(" ") ? '"' + argument + '"' : argument)
                .collect(Collectors.joining(" "));
    }

    private static Map<String, Integer> effects(Path ledger) throws IOException {
        Map<String, Integer> effects = new LinkedHashMap<>();
        for (String line : Files.readAllLines(ledger)) {
            effects.merge(line, 1, Integer::sum);
        }
        return effects;
    }

    private void title(String text) {
        terminal().line("");
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
