package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Statement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes note of the statements made, and of the threads on which connections and statements are worked with. */
final class WatchedConnections implements ConnectionFactory {

    /** A statement with the values bound to it, those of its last row. */
    record Bound(String sql, Map<Integer, Object> values) {}

    final Set<String> threads = ConcurrentHashMap.newKeySet();
    final List<Bound> statements = new CopyOnWriteArrayList<>();
    private final ConnectionFactory factory;
    private volatile String part = "";
    private volatile Mono<Void> afterwards = Mono.empty();

    WatchedConnections(ConnectionFactory factory) {
        this.factory = factory;
    }

    @Override
    public Mono<Connection> create() {
        return Mono.defer(() -> {
            note();
            return Mono.<Connection>from(factory.create())
                    .map(connection -> watched(connection, Connection.class, new Bound("", Map.of())));
        });
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return factory.getMetadata();
    }

    /** Does this once, when the first statement with this part in it has given all its rows. */
    void afterwards(String partOfStatement, Mono<Void> work) {
        part = partOfStatement;
        afterwards = work.cache();
    }

    private void note() {
        threads.add(Thread.currentThread().getName());
    }

    private <T> T watched(T target, Class<T> type, Bound bound) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    note();
                    if (method.getName().equals("bind") && arguments[0] instanceof Integer index) {
                        bound.values().put(index, arguments[1]);
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (result != target && result instanceof Statement made) {
                        Bound statement = new Bound((String) arguments[0], new ConcurrentHashMap<>());
                        statements.add(statement);
                        return watched(made, Statement.class, statement);
                    }
                    if (method.getName().equals("execute")
                            && !part.isEmpty()
                            && bound.sql().contains(part)) {
                        return Flux.<Object>from((Publisher<?>) result)
                                .concatWith(Mono.defer(() -> afterwards).cast(Object.class));
                    }
                    return result == target ? proxy : result;
                }));
    }
}
