package io.reactivestore.examples.onboarding;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the commands of the tour, each as a process of its own, on one database and one ledger. */
record TourStage(Terminal terminal, Path directory) {

    /** A process that goes on while others run. What it says is shown as it is waited for. */
    static final class Background implements AutoCloseable {

        private final Terminal terminal;
        private final Process process;
        private final BufferedReader lines;

        private Background(Terminal terminal, Process process) {
            this.terminal = terminal;
            this.process = process;
            this.lines = process.inputReader(Charset.defaultCharset());
        }

        void awaitLine(String part) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                terminal.line(line);
                if (line.contains(part)) {
                    return;
                }
            }
            throw new DemoException(ExitCode.ERROR, "the tour stops: the process in the background ended too early.");
        }

        void expect(int exitCode) throws IOException, InterruptedException {
            lines.lines().forEach(terminal::line);
            check(exitCode, process.waitFor());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    void expect(int exitCode, String... arguments) throws IOException, InterruptedException {
        check(exitCode, process(arguments).inheritIO().start().waitFor());
    }

    Background begin(String... arguments) throws IOException {
        return new Background(
                terminal,
                process(arguments)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    private static void check(int expected, int found) {
        if (found != expected) {
            throw new DemoException(
                    ExitCode.ERROR, "the tour stops: exit code " + found + " where " + expected + " was expected.");
        }
    }

    private ProcessBuilder process(String... arguments) {
        terminal.line(terminal.dim("$ demo " + quoted(arguments)));
        terminal.out().flush();
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
        return new ProcessBuilder(command);
    }

    private static String quoted(String... arguments) {
        return Stream.of(arguments)
                .map(argument -> argument.contains(" ") ? '"' + argument + '"' : argument)
                .collect(Collectors.joining(" "));
    }

    List<String> ledger() throws IOException {
        return Files.readAllLines(directory.resolve("world.txt"));
    }
}
