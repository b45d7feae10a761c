package io.reactivestore.benchmarks.peers;

import java.time.Duration;

/** One way to run workflows of durable steps. Opened for one turn, closed after it. */
interface Contestant {

    /** Runs workflows, so many at a time, until the load has had enough. Blocks until the last one has ended. */
    void drive(int inFlight, Flows load) throws Exception;

    /** CPU time so far of a server of its own, if it has one. */
    default Duration serverCpu() {
        return Duration.ZERO;
    }

    /** Gives back what it holds. */
    void close() throws Exception;
}
