package io.reactivestore.benchmarks.peers;

/** One way to run workflows of durable steps. Opened for one turn, closed after it. */
interface Contestant {

    /** Runs workflows, so many at a time, until the load has had enough. Blocks until the last one has ended. */
    void drive(int inFlight, Flows load) throws Exception;

    /** Gives back what it holds. */
    void close() throws Exception;
}
