package io.reactivestore.engine;

import io.reactivestore.PersistenceStore;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.claims.Claims;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.journal.Journal;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.transactions.Transactions;
import io.reactivestore.webhooks.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** What an engine is made of. */
record EngineConfig(
        String name,
        PersistenceStore traces,
        Journal journal,
        Claims claims,
        Catalog catalog,
        @Nullable DeadLetters deadLetters,
        @Nullable Webhooks webhooks,
        Supplier<Transactions<?>> transactions,
        PayloadCodec codec,
        Payloads payloads,
        @Nullable Snapshots snapshots,
        int snapshotEvery,
        Clock clock,
        Scheduler scheduler,
        DoubleSupplier random,
        Duration pollInterval,
        Duration heartbeat,
        Duration suspendAfter,
        int maxLiveTraces,
        Duration maxWait,
        int maxRecoveries,
        Map<String, Class<?>> contextKeys,
        @Nullable StepAround around,
        EngineEvents events) {

    /** Whether it is worth making an event. */
    boolean isListenedTo() {
        return events.isListenedTo();
    }

    void tell(EngineEvent event) {
        events.tell(event);
    }

    /** Schedules an action; one that is late by then is done at once, one behind the end of the scheduler never. */
    Disposable at(Instant time, Runnable action) {
        Duration left = Duration.between(clock.instant(), time);
        try {
            // rounded up, so that the time has come when the action looks at the clock
            long millis = left.isNegative() ? 0 : left.plusNanos(999_999).toMillis();
            return scheduler.schedule(action, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            return Disposables.disposed();
        }
    }

    /** The facet TRANSACTIONS, if a connection is of this type in the store. */
    @SuppressWarnings("unchecked") // the type is compared
    <C> Transactions<C> transactions(Class<C> connection) {
        Transactions<?> found = transactions.get();
        if (found.connectionType() != connection) {
            throw new IllegalArgumentException("a connection of this store is a "
                    + found.connectionType().getName() + ", not a " + connection.getName());
        }
        return (Transactions<C>) found;
    }

    Instant now() {
        return clock.instant();
    }
}
