package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.peers.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much to measure.
 *
 * @param peers who
 * @param inFlight the numbers of workflows at a time
 * @param payloads bytes of the input and of each step's result
 * @param warmUp how long each contender runs before anything is measured
 * @param rounds measured rounds
 * @param least workflows of a turn at least
 * @param time of a turn at least
 * @param limit of a turn, after which no more workflows are started
 */
public record Plan(
        List<Peer> peers,
        List<Integer> inFlight,
        List<Integer> payloads,
        Duration warmUp,
        int rounds,
        int least,
        Duration time,
        Duration limit) {

    /** What the table of the README is made of. */
    public static Plan full() {
        return new Plan(
                defaultPeers(),
                List.of(1, 16, 64, 256, 1024),
                List.of(100, 10_240),
                Duration.ofSeconds(15),
                3,
                2_000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
    }

    /** Enough to see that all of it works. */
    public static Plan brief() {
        return new Plan(
                defaultPeers(),
                List.of(1, 64),
                List.of(100),
                Duration.ofMillis(300),
                1,
                1,
                Duration.ofMillis(300),
                Duration.ofSeconds(10));
    }

    private static List<Peer> defaultPeers() {
        return Stream.of(Peer.values()).filter(peer -> peer != Peer.RESTATE).toList();
    }

    /** A copy with these contenders. */
    public Plan withPeers(List<Peer> peers) {
        return new Plan(peers, inFlight, payloads, warmUp, rounds, least, time, limit);
    }

    /** A copy with other numbers of workflows at a time. */
    public Plan withInFlight(List<Integer> inFlight) {
        return new Plan(peers, inFlight, payloads, warmUp, rounds, least, time, limit);
    }

    /** A copy with other payloads. */
    public Plan withPayloads(List<Integer> payloads) {
        return new Plan(peers, inFlight, payloads, warmUp, rounds, least, time, limit);
    }

    /** A copy with longer or shorter turns. */
    public Plan withTime(Duration time) {
        return new Plan(peers, inFlight, payloads, warmUp, rounds, least, time, limit);
    }

    /** A copy with another number of rounds. */
    public Plan withRounds(int rounds) {
        return new Plan(peers, inFlight, payloads, warmUp, rounds, least, time, limit);
    }

    /** All that is to be measured, the contenders next to each other. */
    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (int payload : payloads) {
            for (int n : inFlight) {
                for (Peer peer : peers) {
                    cells.add(new Cell(peer, n, payload));
                }
            }
        }
        return cells;
    }
}
