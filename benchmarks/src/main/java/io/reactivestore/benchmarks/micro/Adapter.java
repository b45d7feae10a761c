package io.reactivestore.benchmarks.micro;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.memory.InMemoryStore;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** The stores there are, opened in a process of JMH. */
public enum Adapter {
    /** No database. */
    MEMORY {
        @Override
        ReactiveStore open() {
            return InMemoryStore.create();
        }
    },
    /** A file of H2. */
    H2 {
        @Override
        ReactiveStore open() {
            R2dbcStore store = R2dbcStore.create("r2dbc:h2:file:///"
                    + Path.of(System.getProperty(FILES), newId()).toAbsolutePath());
            store.migrate().block();
            return store;
        }
    },
    /** The server of the run. */
    POSTGRESQL {
        @Override
        ReactiveStore open() {
            R2dbcStore store = R2dbcStore.create(
                    System.getProperty(DATABASE), R2dbcConfig.defaults().withSchema(SCHEMA));
            store.migrate().block();
            return store;
        }
    };

    static final String FILES = "reactivestore.benchmarks.files";
    static final String DATABASE = "reactivestore.benchmarks.database";
    private static final String SCHEMA = "bench_micro";
    private static final byte[] PAYLOAD = ("{\"order\":\"" + "x1".repeat(140) + "\"}").getBytes(StandardCharsets.UTF_8);

    abstract ReactiveStore open();

    /** Makes the schema for the processes to come. */
    static void prepare(BenchmarkDatabase database) {
        database.freshSchema(SCHEMA);
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    static PersistenceEnvelope entry(String traceId, int step) {
        return PersistenceEnvelope.of(traceId, "order", step, "charge-card", Outcome.SUCCESS, Instant.now())
                .withPayload(Payload.owning(PAYLOAD, Payload.JSON));
    }
}
