package io.reactivestore.core;

import io.reactivestore.Completion;
import io.reactivestore.InterventionRecord;
import io.reactivestore.TraceHead;
import io.reactivestore.core.TraceFold.RecordedStep;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a full fold knows, to be kept and taken up again. */
record FoldState(
        TraceHead head,
        long position,
        long highestStep,
        @Nullable Completion completion,
        long completedAt,
        long holder,
        long heldSince,
        int resumptions,
        @Nullable Long resumedFrom,
        @Nullable Instant lastResumedAt,
        long steeredAt,
        int claimsSinceProgress,
        List<RecordedStep> steps,
        List<InterventionRecord> interventions) {}
