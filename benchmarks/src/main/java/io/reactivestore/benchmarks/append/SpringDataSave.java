package io.reactivestore.benchmarks.append;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Transient;
import org.springframework.data.domain.Persistable;
import org.springframework.data.r2dbc.core.R2dbcEntityTemplate;
import org.springframework.data.r2dbc.dialect.PostgresDialect;
import org.springframework.data.r2dbc.repository.support.R2dbcRepositoryFactory;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * {@code save} of a Spring Data R2DBC repository, ten connections. The entity says that it is new, so a save is one INSERT; and it
 * is spared the transaction that a Spring Boot application puts around each save.
 */
final class SpringDataSave implements Contender {

    static final String[] TABLE = {"DROP TABLE IF EXISTS bench_spring", """
        CREATE TABLE bench_spring (id text PRIMARY KEY, trace_id text NOT NULL, position bigint NOT NULL, \
        workflow text NOT NULL, node_id text NOT NULL, attempt integer NOT NULL, outcome smallint NOT NULL, \
        at timestamptz NOT NULL, payload bytea)"""};

    private static final int CONNECTIONS = 10;

    /** An entry as an entity; its key is one column, as Spring Data likes it. */
    @Table("bench_spring")
    record Entry(
            @Id String id,
            String traceId,
            long position,
            String workflow,
            String nodeId,
            int attempt,
            short outcome,
            OffsetDateTime at,
            byte[] payload)
            implements Persistable<String> {

        static Entry of(Work.Entry entry) {
            return new Entry(
                    entry.traceId() + '/' + entry.step(),
                    entry.traceId(),
                    entry.step(),
                    "order",
                    "charge-card",
                    1,
                    (short) 1,
                    OffsetDateTime.now(ZoneOffset.UTC),
                    entry.payload());
        }

        @Override
        public String getId() {
            return id;
        }

        @Override
        @Transient
        public boolean isNew() {
            return true;
        }
    }

    /** The repository. */
    interface Entries extends ReactiveCrudRepository<Entry, String> {}

    private final ConnectionPool pool;
    private final Entries entries;

    SpringDataSave(BenchmarkDatabase database) {
        pool = new ConnectionPool(ConnectionPoolConfiguration.builder(ConnectionFactories.get(database.r2dbcUrl()))
                .initialSize(CONNECTIONS)
                .maxSize(CONNECTIONS)
                .build());
        pool.warmup().block();
        DatabaseClient client = DatabaseClient.builder()
                .connectionFactory(pool)
                // said, for it is not found where all libraries are in one jar
                .bindMarkers(PostgresDialect.INSTANCE.getBindMarkersFactory())
                .build();
        entries = new R2dbcRepositoryFactory(new R2dbcEntityTemplate(client, PostgresDialect.INSTANCE))
                .getRepository(Entries.class);
    }

    @Override
    public void append(int callers, Load load) {
        load.drive(callers, entry -> entries.save(Entry.of(entry)));
    }

    @Override
    public void close() {
        pool.disposeLater().then(Mono.<Void>empty()).block();
    }
}
