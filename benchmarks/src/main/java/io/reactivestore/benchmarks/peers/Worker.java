package io.reactivestore.benchmarks.peers;

import io.reactivestore.benchmarks.host.ProcessMeter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The process of one contender, so that none has another one's garbage, threads or compiled code: reads commands line by line,
 * answers each with one line, and ends when its input does.
 *
 * <pre>
 * open payload                               opened
 * run inFlight least millis limitMillis      done workflows steps seconds p50 p99 cpu allocated heap threads
 * close                                      closed
 * </pre>
 *
 * <p>Whatever goes wrong is answered with {@code failed} and why.
 */
public final class Worker {

    /** What every answer begins with. */
    public static final String ANSWER = "> ";

    private final Peer peer;
    private final Place place;
    private String payload = "";
    private @Nullable Contestant contestant;

    private Worker(Peer peer, Place place) {
        this.peer = peer;
        this.place = place;
    }

    /**
     * Serves until the end of the input.
     *
     * @param args the name of the contender, and the JDBC and R2DBC URLs
     * @throws IOException if the input breaks
     */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // whatever a library prints is no answer
        System.setOut(System.err);
        Peer peer = Peer.valueOf(args[0]);
        Worker worker = new Worker(peer, new Place(args[1], args[2], peer.schema()));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(ANSWER + worker.answer(line.split(" ")));
            answers.flush();
        }
        System.exit(0);
    }

    private String answer(String[] command) {
        try {
            return switch (command[0]) {
                case "open" -> {
                    payload = Flows.payload(Integer.parseInt(command[1]));
                    contestant = peer.open(place);
                    yield "opened";
                }
                case "run" -> run(command);
                case "close" -> {
                    close();
                    yield "closed";
                }
                default -> "failed unknown command " + command[0];
            };
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            return "failed " + e.toString().replace('\n', ' ');
        }
    }

    private String run(String[] command) throws Exception {
        Contestant open = contestant;
        if (open == null) {
            return "failed not open";
        }
        Duration server = open.serverCpu();
        ProcessMeter meter = ProcessMeter.start();
        Flows load = new Flows(
                Long.parseLong(command[2]),
                Duration.ofMillis(Long.parseLong(command[3])),
                Duration.ofMillis(Long.parseLong(command[4])),
                payload);
        open.drive(Integer.parseInt(command[1]), load);
        ProcessMeter.Use use = meter.stop();
        server = open.serverCpu().minus(server);
        Histogram latencies = load.latencies();
        return String.format(
                Locale.ROOT,
                "done %d %d %.6f %d %d %.3f %d %d %d",
                load.workflows(),
                load.steps(),
                load.seconds(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                use.cpuSeconds() + server.toNanos() / 1e9,
                use.allocatedBytes(),
                use.peakHeapBytes(),
                use.peakThreads());
    }

    private void close() throws Exception {
        Contestant open = contestant;
        contestant = null;
        if (open != null) {
            open.close();
        }
    }
}
