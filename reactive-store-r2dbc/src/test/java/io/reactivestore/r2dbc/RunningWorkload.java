package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.error.StoreUnavailableException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/** A {@link Workload} under way in this process, whose calls are repeated when the store says that it was not available. */
final class RunningWorkload {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Queue<Ack> acks = new ConcurrentLinkedQueue<>();
    private final Semaphore acknowledged = new Semaphore(0);
    private final Semaphore refused = new Semaphore(0);
    private final AtomicInteger unavailable = new AtomicInteger();
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Workload workload;

    RunningWorkload(R2dbcStore store, int from, int callers) {
        Retry again = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(20))
                .maxBackoff(Duration.ofMillis(500))
                .filter(StoreUnavailableException.class::isInstance)
                .doBeforeRetry(signal -> {
                    unavailable.incrementAndGet();
                    refused.release();
                });
        this.workload = Workload.ofNewTraces(store, again);
        workload.run(from, callers)
                .subscribe(
                        ack -> {
                            acks.add(ack);
                            acknowledged.release();
                        },
                        error -> {
                            broken.completeExceptionally(error);
                            end.tryEmitError(error);
                            // whoever waits for an acknowledgement is to learn of it
                            acknowledged.release(1_000_000);
                            refused.release(1_000_000);
                        },
                        end::tryEmitEmpty);
    }

    /** Waits for so many acknowledgements beyond those that were waited for before. */
    void awaitAcks(int more) throws InterruptedException {
        await(acknowledged, more);
    }

    /** Forgets what came so far, so that the next {@link #awaitAcks} counts from now. */
    void forgetAcks() {
        acknowledged.drainPermits();
    }

    /** Waits for an event that comes only while the workload goes on. */
    void await(CompletableFuture<?> event) throws Exception {
        CompletableFuture.anyOf(event, broken).get(LIMIT.toMinutes(), TimeUnit.MINUTES);
    }

    /** Waits until calls have failed because the store was not available. */
    void awaitUnavailable(int more) throws InterruptedException {
        await(refused, more);
    }

    private void await(Semaphore signals, int more) throws InterruptedException {
        boolean came = signals.tryAcquire(more, LIMIT.toMinutes(), TimeUnit.MINUTES);
        broken.getNow(null);
        assertThat(came).as("the workload goes on").isTrue();
    }

    /** Lets the traces under way come to their end and hands over what was acknowledged. */
    void finish(Audit audit) {
        workload.stop();
        end.asMono().block(LIMIT);
        acks.forEach(audit::add);
    }

    /** How many calls failed because the store was not available, and were repeated. */
    int unavailable() {
        return unavailable.get();
    }
}
