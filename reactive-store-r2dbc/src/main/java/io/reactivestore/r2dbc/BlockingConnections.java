package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.error.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * For r2dbc-h2, which blocks the thread that subscribes, for connecting, statements and closing alike: all of it happens on a
 * few threads of its own, and what comes back is handed to Reactor's parallel threads, so that users' code never runs here.
 *
 * <p>Work that has begun runs to its end even if its caller cancels: a cancel would interrupt the thread, and an interrupt in
 * the middle of reading or writing closes the file under H2.
 */
final class BlockingConnections extends Connections {

    private static final int THREADS = 4;
    private static final int QUEUE = 100_000;

    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, QUEUE, "reactive-store-h2", 60, true);

    /**
     * One write at a time, from its begin to its CHECKPOINT SYNC: H2's files are consistent table by table only, so what one
     * writer makes durable would take along a part of what another is about to write or to roll back.
     */
    private final Scheduler writer = Schedulers.newBoundedElastic(1, QUEUE, "reactive-store-h2-writer", 60, true);

    private final AtomicReference<@Nullable Connection> anchored = new AtomicReference<>();
    private final Mono<Connection> anchor;

    /**
     * @param keepOpen whether to hold one connection all the time, since H2 closes a database with its last connection
     */
    BlockingConnections(ConnectionFactory factory, boolean keepOpen) {
        super(factory);
        this.anchor = keepOpen
                ? Mono.<Connection>from(factory.create())
                        .doOnNext(anchored::set)
                        .cache(c -> Duration.ofMillis(Long.MAX_VALUE), e -> Duration.ZERO, () -> Duration.ZERO)
                : Mono.empty();
    }

    @Override
    <T> Mono<T> use(String operation, Function<Connection, Mono<T>> work) {
        return on(threads, anchored(operation, work)).publishOn(Schedulers.parallel());
    }

    @Override
    <T> Mono<T> write(String operation, Function<Connection, Mono<T>> work) {
        return on(writer, anchored(operation, work)).publishOn(Schedulers.parallel());
    }

    private <T> Mono<T> anchored(String operation, Function<Connection, Mono<T>> work) {
        return anchor.onErrorMap(error -> Errors.translate(operation, error)).then(whole(operation, work));
    }

    private static <T> Mono<T> on(Scheduler threads, Mono<T> work) {
        return shielded(work, threads::schedule)
                .onErrorMap(
                        RejectedExecutionException.class,
                        e -> new StoreUnavailableException(
                                null, "The threads of the H2 store are busy or stopped.", e));
    }

    @Override
    Mono<Void> close() {
        return on(
                        threads,
                        Mono.defer(() -> Mono.justOrEmpty(anchored.get()))
                                .flatMap(connection -> Mono.from(connection.close())))
                .doFinally(signal -> {
                    threads.dispose();
                    writer.dispose();
                });
    }
}
