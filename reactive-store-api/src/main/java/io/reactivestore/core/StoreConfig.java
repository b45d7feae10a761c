package io.reactivestore.core;

import io.reactivestore.internal.Check;
import java.time.Clock;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How a store shares its writes and bounds its memory. Immutable; the defaults suit most.
 *
 * <pre>{@code
 * StoreConfig config = StoreConfig.defaults().withLanes(4).withMaxWaitingCallers(50_000);
 * ReactiveStore store = InMemoryStore.create(config);
 * }</pre>
 *
 * @param lanes how many batches may be under way at once; default 2. More helps only if the database is far away.
 * @param maxBatchRows entries in one batch at the most; default 1,024
 * @param maxBatchBytes payload bytes after which a batch takes no more; default 4 MiB
 * @param maxWaitingCallers callers that may wait for the database; default 16,384. Beyond:
 *     {@link io.reactivestore.error.StoreOverloadedException}.
 * @param maxWaitingBytes payload bytes those callers may hold; default 64 MiB. A lone caller is let in with more.
 * @param maxPayloadBytes the largest payload taken; default 16 MiB
 * @param cachedSteps recorded steps the store remembers to answer appends without reading, over all traces; default 100,000,
 *     about 20 MB
 * @param writeRetries how often a batch is repeated after transient trouble before its callers learn of it; default 5
 * @param writeBackoff the pause before the first repetition, doubled each time, with jitter, 5 s at the most; default 50 ms
 * @param followInterval how often {@code follow} looks for entries of other processes; default 250 ms
 * @param clock the time of resumes and heads; default UTC
 * @param scheduler where the store waits, for the next look of {@code follow} or to repeat a batch, and where followers are
 *     told; default {@link Schedulers#parallel()}. A virtual one makes tests exact.
 */
public record StoreConfig(
        int lanes,
        int maxBatchRows,
        long maxBatchBytes,
        int maxWaitingCallers,
        long maxWaitingBytes,
        int maxPayloadBytes,
        int cachedSteps,
        int writeRetries,
        Duration writeBackoff,
        Duration followInterval,
        Clock clock,
        Scheduler scheduler) {

    /**
     * Checks every limit.
     *
     * @param lanes at least 1
     * @param maxBatchRows at least 1
     * @param maxBatchBytes at least 1
     * @param maxWaitingCallers at least 1
     * @param maxWaitingBytes at least 1
     * @param maxPayloadBytes at least 1
     * @param cachedSteps at least 0, which means: read before every append
     * @param writeRetries at least 0
     * @param writeBackoff at least 1 ms
     * @param followInterval at least 1 ms
     * @param clock not null
     * @param scheduler not null
     * @throws IllegalArgumentException naming the limit and the value found
     */
    public StoreConfig {
        Check.atLeast("lanes", lanes, 1);
        Check.atLeast("maxBatchRows", maxBatchRows, 1);
        Check.atLeast("maxBatchBytes", maxBatchBytes, 1);
        Check.atLeast("maxWaitingCallers", maxWaitingCallers, 1);
        Check.atLeast("maxWaitingBytes", maxWaitingBytes, 1);
        Check.atLeast("maxPayloadBytes", maxPayloadBytes, 1);
        Check.atLeast("cachedSteps", cachedSteps, 0);
        Check.atLeast("writeRetries", writeRetries, 0);
        Check.atLeast(
                "writeBackoff in ms",
                Check.present("writeBackoff", writeBackoff).toMillis(),
                1);
        Check.atLeast(
                "followInterval in ms",
                Check.present("followInterval", followInterval).toMillis(),
                1);
        Check.present("clock", clock);
        Check.present("scheduler", scheduler);
    }

    /**
     * Gives the defaults.
     *
     * @return a configuration
     */
    public static StoreConfig defaults() {
        return new StoreConfig(
                2,
                1_024,
                4L << 20,
                16_384,
                64L << 20,
                16 << 20,
                100_000,
                5,
                Duration.ofMillis(50),
                Duration.ofMillis(250),
                Clock.systemUTC(),
                Schedulers.parallel());
    }

    /**
     * A copy with another value of {@link #lanes()}.
     *
     * @param lanes batches under way at once
     * @return the copy
     */
    public StoreConfig withLanes(int lanes) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #maxBatchRows()}.
     *
     * @param maxBatchRows entries in one batch
     * @return the copy
     */
    public StoreConfig withMaxBatchRows(int maxBatchRows) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #maxBatchBytes()}.
     *
     * @param maxBatchBytes bytes after which a batch takes no more
     * @return the copy
     */
    public StoreConfig withMaxBatchBytes(long maxBatchBytes) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #maxWaitingCallers()}.
     *
     * @param maxWaitingCallers callers that may wait
     * @return the copy
     */
    public StoreConfig withMaxWaitingCallers(int maxWaitingCallers) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #maxWaitingBytes()}.
     *
     * @param maxWaitingBytes bytes they may hold
     * @return the copy
     */
    public StoreConfig withMaxWaitingBytes(long maxWaitingBytes) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #maxPayloadBytes()}.
     *
     * @param maxPayloadBytes bytes of the largest payload
     * @return the copy
     */
    public StoreConfig withMaxPayloadBytes(int maxPayloadBytes) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #cachedSteps()}.
     *
     * @param cachedSteps recorded steps to remember
     * @return the copy
     */
    public StoreConfig withCachedSteps(int cachedSteps) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #writeRetries()}.
     *
     * @param writeRetries repetitions after transient trouble
     * @return the copy
     */
    public StoreConfig withWriteRetries(int writeRetries) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #writeBackoff()}.
     *
     * @param writeBackoff the pause before the first repetition
     * @return the copy
     */
    public StoreConfig withWriteBackoff(Duration writeBackoff) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #followInterval()}.
     *
     * @param followInterval how often follow looks
     * @return the copy
     */
    public StoreConfig withFollowInterval(Duration followInterval) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #clock()}.
     *
     * @param clock the clock
     * @return the copy
     */
    public StoreConfig withClock(Clock clock) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }

    /**
     * A copy with another value of {@link #scheduler()}.
     *
     * @param scheduler the scheduler
     * @return the copy
     */
    public StoreConfig withScheduler(Scheduler scheduler) {
        return new StoreConfig(
                lanes,
                maxBatchRows,
                maxBatchBytes,
                maxWaitingCallers,
                maxWaitingBytes,
                maxPayloadBytes,
                cachedSteps,
                writeRetries,
                writeBackoff,
                followInterval,
                clock,
                scheduler);
    }
}
