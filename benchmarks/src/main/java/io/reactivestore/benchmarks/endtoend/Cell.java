package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.peers.Peer;

/**
 * One place in the table.
 *
 * @param peer who
 * @param inFlight with how many workflows at a time
 * @param payload with how many bytes each step
 */
record Cell(Peer peer, int inFlight, int payload) {

    /** The same of another contender. */
    Cell of(Peer other) {
        return new Cell(other, inFlight, payload);
    }
}
