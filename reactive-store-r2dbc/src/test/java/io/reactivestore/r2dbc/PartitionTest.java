package io.reactivestore.r2dbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The tables may be partitioned by trace: the store works on them unchanged, and reads only the partitions of its traces. */
class PartitionTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final R2dbcConfig CONFIG = R2dbcConfig.defaults().withTablePrefix("part_");
    private static final int PARTITIONS = 16;

    @Test
    void the_store_works_on_partitioned_tables_and_touches_the_partitions_of_its_traces() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            makePartitioned(database);
            R2dbcStore store = database.store(CONFIG);
            Flux.range(1, 200)
                    .flatMap(
                            i -> Flux.range(1, 5)
                                    .concatMap(step -> store.traces().append(step("trace-" + i, step)))
                                    .then(store.traces().complete("trace-" + i, CompletionState.SUCCESS)),
                            200)
                    .blockLast(LIMIT);
            assertThat(store.traces().load("trace-37").block(LIMIT))
                    .satisfies(trace -> assertThat(trace.position()).isEqualTo(6));
            assertThat(store.require(Capability.CATALOG)
                            .recent(500)
                            .collectList()
                            .block(LIMIT))
                    .hasSize(200)
                    .extracting(TraceHead::status)
                    .containsOnly(TraceStatus.SUCCESS);
            store.close().block(LIMIT);
            assertThat(database.sql().number("SELECT COUNT(DISTINCT tableoid) FROM part_journal"))
                    .isEqualTo(PARTITIONS);

            Plans plans = new Plans(database, CONFIG, 2);
            assertThat(partitions(plans.of("LIMIT $3"))).isEqualTo(1);
            assertThat(partitions(plans.of("part_trace WHERE trace_id"))).isEqualTo(1);
            assertThat(partitions(plans.of("position <= $2"))).isBetween(1L, 2L);
            assertThat(partitions(plans.of("MAX(position)"))).isBetween(1L, 2L);
        }
    }

    /** The shipped script, but for the clause by which PostgreSQL partitions a table. */
    private static void makePartitioned(TestDatabase database) {
        String script = CONFIG.tables()
                .in(script("V1__journal.sql"))
                .replace(
                        "updated_at timestamptz NOT NULL\n);",
                        "updated_at timestamptz NOT NULL\n) PARTITION BY HASH (trace_id);")
                .replace(
                        "PRIMARY KEY (trace_id, position)\n);",
                        "PRIMARY KEY (trace_id, position)\n) PARTITION BY HASH (trace_id);");
        database.sql().execute(script);
        database.sql().execute(CONFIG.tables().in(script("V2__catalog.sql")));
        for (String table : new String[] {"part_trace", "part_journal"}) {
            for (int i = 0; i < PARTITIONS; i++) {
                database.sql()
                        .execute("CREATE TABLE " + table + "_of_" + i + " PARTITION OF " + table
                                + " FOR VALUES WITH (MODULUS " + PARTITIONS + ", REMAINDER " + i + ")");
            }
        }
    }

    private static String script(String file) {
        try (InputStream script = PartitionTest.class.getResourceAsStream("postgresql/" + file)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long partitions(String plan) {
        Matcher matcher = Pattern.compile("on part_\\w+_of_(\\d+)").matcher(plan);
        return matcher.results().map(found -> found.group(1)).distinct().count();
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node-" + step, Outcome.SUCCESS, Instant.EPOCH);
    }
}
