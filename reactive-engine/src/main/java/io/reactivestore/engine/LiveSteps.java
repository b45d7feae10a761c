package io.reactivestore.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The steps of a run that are live: none twice. */
final class LiveSteps {

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();

    /** Gives null if a step of this name is live. */
    @Nullable
    LiveStep enter(String name, boolean waits) {
        return names.add(name) ? new LiveStep(this, name, waits) : null;
    }

    /** Whether no function runs and nothing is being recorded. */
    boolean isIdle() {
        return busy.get() == 0;
    }

    void leave(String name) {
        names.remove(name);
    }

    void work(int more) {
        busy.addAndGet(more);
    }
}
