package io.reactivestore.benchmarks.endtoend;

import java.util.Locale;

/** What is measured of a turn. */
public enum Figure {
    /** From the first start to the last end. */
    STEPS_PER_SECOND("steps/s", "%.0f"),
    /** CPU of the contender's process and of the database. */
    STEPS_PER_CPU_SECOND("steps/CPU-s", "%.0f"),
    /** Of a whole workflow. */
    P50_MICROS("p50 us", "%.0f"),
    /** Of a whole workflow. */
    P99_MICROS("p99 us", "%.0f"),
    /** All but BEGIN; counted in the warm-up round. */
    STATEMENTS_PER_STEP("stmts/step", "%.3f"),
    /** Transactions that wrote. */
    COMMITS_PER_STEP("commits/step", "%.3f"),
    /** Write-ahead log. */
    WAL_PER_STEP("WAL B/step", "%.0f"),
    /** In the contender's process. */
    BYTES_PER_STEP("alloc B/step", "%.0f"),
    /** With garbage, in a heap of 1 GiB. */
    PEAK_HEAP_MIB("heap MiB", "%.0f"),
    /** Platform threads. */
    THREADS("threads", "%.0f"),
    /** What it was measured on. */
    WORKFLOWS("workflows", "%.0f");

    private final String title;
    private final String format;

    Figure(String title, String format) {
        this.title = title;
        this.format = format;
    }

    /** The head of its column. */
    public String title() {
        return title;
    }

    /** The figure as text. */
    public String text(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
