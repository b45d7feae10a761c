package io.reactivestore.engine;

import io.reactivestore.snapshots.Snapshots;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Has the store take snapshots of a trace that gets long, beside its run: nobody waits for one, and the run does without. */
final class SnapshotTaking {

    private final String traceId;
    private final EngineConfig config;
    private final @Nullable Snapshots snapshots;
    private final AtomicInteger recorded = new AtomicInteger();

    SnapshotTaking(String traceId, EngineConfig config) {
        this.traceId = traceId;
        this.config = config;
        this.snapshots = config.snapshots();
    }

    /** A trace that is long already may have none, or an old one. */
    void opened(long position) {
        if (position >= config.snapshotEvery() && recorded.get() == 0) {
            take();
        }
    }

    /** Goes on counting where an earlier run stopped. */
    void follow(SnapshotTaking before) {
        recorded.set(Math.max(1, before.recorded.get()));
    }

    void recorded() {
        if (snapshots != null && recorded.incrementAndGet() % config.snapshotEvery() == 0) {
            take();
        }
    }

    /** The store decides whether it is worth it. One edge of the engine: subscribes. */
    private void take() {
        Snapshots kept = snapshots;
        if (kept != null) {
            kept.take(traceId, config.snapshotEvery())
                    .subscribe(taken -> {}, error -> config.tell(new EngineEvent.Trouble(traceId, error)));
        }
    }
}
