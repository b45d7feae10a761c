package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.testkit.StoreFixture;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tables with the prefix {@code kit_} of one database, emptied for each fixture. */
final class R2dbcFixture implements StoreFixture {

    private static final R2dbcConfig CONFIG = R2dbcConfig.defaults()
            .withTablePrefix("kit_")
            .withMaxConnections(3)
            .withStore(StoreConfig.defaults().withFollowInterval(Duration.ofMillis(10)));

    private final String url;
    private final ConnectionFactory behindTheBack;
    private final R2dbcStore anchor;
    private final List<R2dbcStore> opened = new CopyOnWriteArrayList<>();

    /** Over the database of this URL. */
    R2dbcFixture(String url) {
        this.url = url;
        this.behindTheBack = ConnectionFactories.get(url);
        this.anchor = R2dbcStore.create(url, CONFIG);
        anchor.migrate().block();
        execute("DELETE FROM kit_journal WHERE position > $1", 0L);
        execute("DELETE FROM kit_trace WHERE status >= $1", (short) 0);
        execute("DELETE FROM kit_tag WHERE name > $1", "");
        execute("DELETE FROM kit_dead_letter WHERE state >= $1", (short) 0);
        execute("DELETE FROM kit_snapshot WHERE trace_id <> $1", "");
        execute("DELETE FROM kit_fact WHERE media_type <> $1", "");
        execute("DELETE FROM kit_fact_reference WHERE trace_id <> $1", "");
        execute("DELETE FROM kit_delivery WHERE state >= $1", (short) 0);
        execute("DELETE FROM kit_delivery_attempt WHERE number >= $1", 0L);
    }

    @Override
    public ReactiveStore open() {
        R2dbcStore store = R2dbcStore.create(url, CONFIG);
        opened.add(store);
        return store;
    }

    @Override
    public void corruptPayload(String traceId, long position) {
        byte[] damaged = {1, 2, 3};
        execute(
                "UPDATE kit_journal SET payload = $1 WHERE trace_id = $2 AND position = $3",
                damaged,
                traceId,
                position);
    }

    @Override
    public void corruptFact(Sha256 key) {
        byte[] damaged = {1, 2, 3};
        execute("UPDATE kit_fact SET content = $1 WHERE hash = $2", damaged, key.toBytes());
    }

    @Override
    public void corruptSnapshot(String traceId, String version) {
        byte[] damaged = {1, 2, 3};
        execute("UPDATE kit_snapshot SET content = $1 WHERE trace_id = $2 AND version = $3", damaged, traceId, version);
    }

    @Override
    public OptionalInt connectionsInUse() {
        return OptionalInt.of(
                opened.stream().mapToInt(R2dbcStore::connectionsInUse).sum());
    }

    @Override
    public void close() {
        anchor.close().block();
    }

    private void execute(String sql, Object... values) {
        Mono.usingWhen(
                        Mono.from(behindTheBack.create()),
                        connection -> {
                            var statement = connection.createStatement(sql);
                            for (int i = 0; i < values.length; i++) {
                                statement.bind(i, values[i]);
                            }
                            return Flux.from(statement.execute())
                                    .flatMap(Result::getRowsUpdated)
                                    .then();
                        },
                        Connection::close)
                .block();
    }
}
