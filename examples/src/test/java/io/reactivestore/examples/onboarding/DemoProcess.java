package io.reactivestore.examples.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The demo as a shell runs it: a process of its own.
 *
 * @param exitCode what the shell learns
 * @param out what it printed
 * @param err what it complained about
 */
record DemoProcess(int exitCode, String out, String err) {

    static DemoProcess demo(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // as the script has it
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("demo", ".out");
        Path err = Files.createTempFile("demo", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("demo " + String.join(" ", arguments) + " does not end; it said: "
                        + Files.readString(out) + Files.readString(err));
            }
            return new DemoProcess(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** It ended well, and nothing but words for people came out of it. */
    DemoProcess succeeds() {
        assertThat(exitCode).as(this::toString).isZero();
        assertThat(err).isEmpty();
        assertThat(out).doesNotContain("\u001b");
        return this;
    }

    /** It complained in one line, without a stack trace. */
    DemoProcess complains(int expected, String... words) {
        assertThat(exitCode).as(this::toString).isEqualTo(expected);
        assertThat(err.lines()).as(this::toString).hasSize(1);
        assertThat(err).startsWith("demo: ").contains(words).doesNotContain("\tat ", "\u001b");
        return this;
    }
}
