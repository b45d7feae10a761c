package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.peers.Peer;
import io.reactivestore.benchmarks.peers.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The process of one contender, seen from outside. It stays for the whole run, so that its code is compiled but once. */
final class WorkerProcess implements AutoCloseable {

    /** A contender could not do what it was asked to. */
    static final class Failure extends Exception {

        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    private static final String HEAP = "-Xmx1g";

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    WorkerProcess(Peer peer, BenchmarkDatabase database, Path directory, boolean recordsFlight) {
        String name = peer.schema();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-D" + Peer.RESTATE_SERVER + "=" + System.getProperty(Peer.RESTATE_SERVER, "")));
        if (recordsFlight) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + directory.resolve(name + ".jfr"));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                peer.name(),
                database.jdbcUrl(),
                database.r2dbcUrl()));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(directory.resolve(name + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "answers of " + peer);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // the virtual machine prints to the same stream
                if (line.startsWith(Worker.ANSWER)) {
                    answers.add(line.substring(Worker.ANSWER.length()));
                }
            }
            answers.add("failed its process ended");
        } catch (IOException e) {
            answers.add("failed " + e);
        }
    }

    /** Gives a command and waits for the answer; a process that gives none is ended. */
    String[] ask(String command, Duration patience) throws Failure {
        try {
            commands.write(command + "\n");
            commands.flush();
            String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                destroy();
                throw new Failure("no answer to '" + command + "' within " + patience.toSeconds() + " s");
            }
            if (answer.startsWith("failed ")) {
                throw new Failure(answer.substring("failed ".length()));
            }
            return answer.split(" ");
        } catch (IOException e) {
            throw new Failure("its process ended: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void destroy() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends the process, and what it has started. */
    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        try {
            commands.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
