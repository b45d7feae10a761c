package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The one place where connections are taken and given back: after success, error and cancel alike. Every use has a name, which
 * errors show.
 */
class Connections {

    /** How long a farewell may take on a connection that is given up. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final ConnectionFactory factory;
    private final @Nullable TimeLimit silence;
    private final AtomicInteger inUse = new AtomicInteger();

    /** For connections that block: what they wait for cannot be given up. */
    Connections(ConnectionFactory factory) {
        this(factory, null);
    }

    /**
     * @param silence after which a connection whose work has not ended is given up, or null for never: on a half-open
     *     connection no answer and no error would ever come
     */
    Connections(ConnectionFactory factory, @Nullable Duration silence) {
        this.factory = factory;
        this.silence = silence == null ? null : new TimeLimit(silence);
    }

    /**
     * Runs work on a connection of its own, which is given back as soon as the work is done, whether its result was asked for
     * or not. Work that has begun runs to its end even if its caller cancels: cancelling a statement that was sent does not
     * stop it on the server, and makes r2dbc-postgresql 1.1.1 leak buffers.
     */
    <T> Mono<T> use(String operation, Function<Connection, Mono<T>> work) {
        return shielded(whole(operation, work), Runnable::run);
    }

    /** As {@link #use}, for work that commits by itself. */
    <T> Mono<T> write(String operation, Function<Connection, Mono<T>> work) {
        return use(operation, work);
    }

    final <T> Mono<T> whole(String operation, Function<Connection, Mono<T>> work) {
        TimeLimit limit = silence;
        return Mono.usingWhen(
                        Mono.from(factory.create()).doOnNext(c -> inUse.incrementAndGet()),
                        limit == null ? work : connection -> limit.on(work.apply(connection), late -> {}),
                        this::giveBack,
                        (connection, error) ->
                                error instanceof TimeoutException ? discard(connection) : giveBack(connection),
                        this::giveBack)
                .onErrorMap(error -> Errors.translate(operation, error));
    }

    /** Starts the work by this executor unless its caller has cancelled by then; a later cancel does not reach it. */
    static <T> Mono<T> shielded(Mono<T> work, Executor starter) {
        return Mono.create(caller -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            caller.onCancel(() -> cancelled.set(true));
            starter.execute(() -> {
                if (!cancelled.get()) {
                    // one signal only: an end behind a value that was not asked for yet would take its place
                    work.singleOptional()
                            .subscribe(
                                    result -> caller.success(result.orElse(null)),
                                    caller::error,
                                    null,
                                    Context.of(caller.contextView()));
                }
            });
        });
    }

    private Mono<Void> giveBack(Connection connection) {
        // before the signal goes on, so that whoever sees the work end finds the connection back
        return Mono.from(connection.close()).doOnTerminate(inUse::decrementAndGet);
    }

    /** Closes the driver's own connection, so that the pool finds it dead and replaces it. */
    private Mono<Void> discard(Connection connection) {
        return Mono.from(own(connection).close())
                .timeout(FAREWELL) // the buffers may be full
                .onErrorComplete()
                .then(Mono.defer(() -> giveBack(connection)));
    }

    /** The driver's own connection within what pools and others put around it. */
    static Connection own(Connection connection) {
        Connection own = connection;
        while (own instanceof Wrapped<?> wrapped && wrapped.unwrap() instanceof Connection inner) {
            own = inner;
        }
        return own;
    }

    /** How many connections are out now. */
    int inUse() {
        return inUse.get();
    }

    /** Releases what is owned. */
    Mono<Void> close() {
        return Mono.empty();
    }
}
