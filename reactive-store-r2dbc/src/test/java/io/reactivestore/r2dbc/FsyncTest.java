package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the operating system saw: between two acknowledgements of one caller there is a completed fsync. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "strace is of Linux; PowerCutTest proves the same everywhere")
class FsyncTest {

    private static final int ACKS = 50;

    @Test
    void everyAcknowledgedBatchWasForcedToTheDisk(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("strace.txt");
        assumeTrue(canTrace(folder), "strace is not installed, or may not trace here; PowerCutTest proves the same");
        Process process = new ProcessBuilder(
                        "strace",
                        "--follow-forks",
                        "--seccomp-bpf",
                        "--quiet=all",
                        "--trace=fsync,fdatasync,msync,write",
                        "--string-limit=12",
                        "--output=" + trace,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        "r2dbc:h2:file:///" + folder.resolve("store"),
                        "rs_",
                        "0",
                        "4", // steps one after another
                        "1")
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        try (var lines = process.inputReader()) {
            for (int i = 0; i <= ACKS; i++) {
                assertThat(lines.readLine())
                        .as(() -> "acknowledgement; errors: " + read(folder.resolve("errors.txt")))
                        .isNotNull();
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroy();
            process.waitFor();
        }
        check(Files.readAllLines(trace));
    }

    /** Which line is an acknowledgement, and which the end of an fsync, also of one that strace shows in two halves. */
    private static void check(List<String> calls) {
        int acks = 0;
        int forces = 0;
        int forcesSinceAck = 0;
        for (String call : calls) {
            if (call.contains("sync") && call.endsWith("= 0")) {
                forces++;
                forcesSinceAck++;
            } else if (call.contains("write(1, \"ack ")) {
                assertThat(forcesSinceAck)
                        .as("fsyncs before acknowledgement %d", acks)
                        .isPositive();
                forcesSinceAck = 0;
                acks++;
            }
            if (acks == ACKS) {
                break; // behind the last one that was read, the pipe is closed and writing fails
            }
        }
        System.out.println("strace saw " + acks + " acknowledgements and " + forces + " fsyncs");
        assertThat(acks).isEqualTo(ACKS);
    }

    private static boolean canTrace(Path folder) throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--trace=fsync", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("probe.txt").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
