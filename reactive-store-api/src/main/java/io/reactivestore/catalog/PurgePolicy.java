package io.reactivestore.catalog;

import io.reactivestore.TraceStatus;
import io.reactivestore.internal.Check;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which traces may go: only such as have ended, that were created before a time, and that are not among the newest.
 *
 * <pre>{@code
 * PurgePolicy policy = PurgePolicy.createdBefore(Instant.now().minus(Duration.ofDays(30)))
 *         .withStatuses(TraceStatus.SUCCESS, TraceStatus.CANCELLED)
 *         .keepingOfEachWorkflow(100);
 * }</pre>
 *
 * @param createdBefore created earlier than that, or null for any time
 * @param statuses in one of these statuses; only such as mean an end
 * @param keepNewest so many of the newest traces in these statuses stay whatever their age, 0 or more
 * @param ofEachWorkflow whether so many of each workflow stay, or so many of all
 * @param batchSize how many traces are deleted in one transaction, 1 to {@value Catalog#MAX_LIMIT}; default 100; fewer where
 *     journals are so long that a transaction comes near the time limit of the adapter
 */
public record PurgePolicy(
        @Nullable Instant createdBefore,
        Set<TraceStatus> statuses,
        int keepNewest,
        boolean ofEachWorkflow,
        int batchSize) {

    private static final int BATCH = 100;

    /** The statuses that mean an end. */
    private static final Set<TraceStatus> ENDED =
            EnumSet.complementOf(EnumSet.of(TraceStatus.RUNNING, TraceStatus.WAITING));

    /**
     * Checks all of it.
     *
     * @param createdBefore in the years 1583 to 9999, or null
     * @param statuses not empty
     * @param keepNewest 0 or more
     * @param ofEachWorkflow of each or of all
     * @param batchSize 1 to {@value Catalog#MAX_LIMIT}
     * @throws IllegalArgumentException if a number is out of range, or a status does not mean an end
     */
    public PurgePolicy {
        createdBefore = Check.instantOrNull("createdBefore", createdBefore);
        Check.present("statuses", statuses).forEach(status -> Check.present("a status", status));
        statuses = Set.copyOf(statuses);
        if (statuses.isEmpty() || !ENDED.containsAll(statuses)) {
            throw new IllegalArgumentException("statuses must be some of " + ENDED + ", found " + statuses);
        }
        Check.atLeast("keepNewest", keepNewest, 0);
        Check.atLeast("batchSize", batchSize, 1);
        Check.atMost("batchSize", batchSize, Catalog.MAX_LIMIT);
    }

    /**
     * All traces that have ended.
     *
     * @return the policy
     */
    public static PurgePolicy ended() {
        return new PurgePolicy(null, ENDED, 0, false, BATCH);
    }

    /**
     * All traces that have ended and were created before a time.
     *
     * @param time in the years 1583 to 9999
     * @return the policy
     * @throws IllegalArgumentException if it lies out of these years
     */
    public static PurgePolicy createdBefore(Instant time) {
        return new PurgePolicy(Check.present("time", time), ENDED, 0, false, BATCH);
    }

    /**
     * A copy for some statuses.
     *
     * @param wanted one or more that mean an end
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one of a trace that has not ended
     */
    public PurgePolicy withStatuses(TraceStatus... wanted) {
        return new PurgePolicy(
                createdBefore, new HashSet<>(Arrays.asList(wanted)), keepNewest, ofEachWorkflow, batchSize);
    }

    /**
     * A copy by which the newest stay.
     *
     * @param traces how many
     * @return the copy
     * @throws IllegalArgumentException if it is below 0
     */
    public PurgePolicy keeping(int traces) {
        return new PurgePolicy(createdBefore, statuses, traces, false, batchSize);
    }

    /**
     * A copy by which the newest of each workflow stay.
     *
     * @param traces how many of each
     * @return the copy
     * @throws IllegalArgumentException if it is below 0
     */
    public PurgePolicy keepingOfEachWorkflow(int traces) {
        return new PurgePolicy(createdBefore, statuses, traces, true, batchSize);
    }

    /**
     * A copy with another size of batches.
     *
     * @param traces 1 to {@value Catalog#MAX_LIMIT}
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public PurgePolicy withBatchSize(int traces) {
        return new PurgePolicy(createdBefore, statuses, keepNewest, ofEachWorkflow, traces);
    }
}
