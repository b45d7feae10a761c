package io.reactivestore.benchmarks.append;

/** One way to make journal entries durable. Opened for one run, closed after it. */
interface Contender extends AutoCloseable {

    /** Appends with so many callers at once until the load says stop. Blocks. */
    void append(int callers, Load load);

    @Override
    void close();
}
