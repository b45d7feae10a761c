package io.reactivestore.benchmarks.append;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.VirtualThreads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What people write today: one INSERT, and so one commit, per entry; a pool of ten connections, the drivers' defaults. */
final class SingleInsert {

    static final String[] TABLE = {"DROP TABLE IF EXISTS bench_single", """
        CREATE TABLE bench_single (trace_id text NOT NULL, position bigint NOT NULL, workflow text NOT NULL, \
        node_id text NOT NULL, attempt integer NOT NULL, outcome smallint NOT NULL, at timestamptz NOT NULL, payload bytea, \
        PRIMARY KEY (trace_id, position))"""};

    private static final int CONNECTIONS = 10;
    private static final String COLUMNS =
            "INSERT INTO bench_single (trace_id, position, workflow, node_id, attempt, outcome, at, payload) VALUES ";

    private SingleInsert() {}

    static final class OverR2dbc implements Contender {

        private final ConnectionPool pool;

        OverR2dbc(BenchmarkDatabase database) {
            pool = new ConnectionPool(ConnectionPoolConfiguration.builder(ConnectionFactories.get(database.r2dbcUrl()))
                    .initialSize(CONNECTIONS)
                    .maxSize(CONNECTIONS)
                    .build());
            pool.warmup().block();
        }

        @Override
        public void append(int callers, Load load) {
            load.drive(
                    callers,
                    entry -> Mono.usingWhen(
                            pool.create(), connection -> insert(connection, entry), io.r2dbc.spi.Connection::close));
        }

        private static Mono<Long> insert(io.r2dbc.spi.Connection connection, Work.Entry entry) {
            return Flux.from(connection
                            .createStatement(COLUMNS + "($1, $2, $3, $4, $5, $6, $7, $8)")
                            .bind(0, entry.traceId())
                            .bind(1, (long) entry.step())
                            .bind(2, "order")
                            .bind(3, "charge-card")
                            .bind(4, 1)
                            .bind(5, (short) 1)
                            .bind(6, Instant.now())
                            .bind(7, entry.payload())
                            .execute())
                    .flatMap(Result::getRowsUpdated)
                    .single();
        }

        @Override
        public void close() {
            pool.disposeLater().then(Mono.<Void>empty()).block();
        }
    }

    static final class OverJdbc implements Contender {

        private final HikariDataSource pool;
        private final ThreadFactory threads;

        /** Callers are platform threads, as everywhere before Java 21. */
        static OverJdbc onPlatformThreads(BenchmarkDatabase database) {
            return new OverJdbc(database, Thread::new);
        }

        /** Callers are virtual threads. */
        static OverJdbc onVirtualThreads(BenchmarkDatabase database) {
            return new OverJdbc(
                    database, Objects.requireNonNull(VirtualThreads.factory(), "this Java has no virtual threads"));
        }

        private OverJdbc(BenchmarkDatabase database, ThreadFactory threads) {
            this.threads = threads;
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(database.jdbcUrl());
            config.setMaximumPoolSize(CONNECTIONS);
            config.setConnectionTimeout(120_000);
            pool = new HikariDataSource(config);
        }

        @Override
        public void append(int callers, Load load) {
            List<Thread> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Thread thread = threads.newThread(() -> caller(load));
                thread.start();
                running.add(thread);
            }
            for (Thread thread : running) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private void caller(Load load) {
            Work work = new Work();
            while (load.isRunning()) {
                long start = System.nanoTime();
                Work.Entry entry = work.next();
                try (Connection connection = pool.getConnection();
                        PreparedStatement insert = connection.prepareStatement(COLUMNS + "(?, ?, ?, ?, ?, ?, ?, ?)")) {
                    insert.setString(1, entry.traceId());
                    insert.setLong(2, entry.step());
                    insert.setString(3, "order");
                    insert.setString(4, "charge-card");
                    insert.setInt(5, 1);
                    insert.setShort(6, (short) 1);
                    insert.setObject(7, OffsetDateTime.now(ZoneOffset.UTC));
                    insert.setBytes(8, entry.payload());
                    insert.executeUpdate();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                load.acknowledged(1, start);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
