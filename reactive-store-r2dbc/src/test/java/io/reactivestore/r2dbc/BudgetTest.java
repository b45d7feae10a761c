package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/**
 * What work costs, as the database's own statistics count it. A step is one journal row; a trace is one row more at its end, one
 * head and one change of it; nothing is read; and many traces at once share their commits.
 */
class BudgetTest {

    private static final int TRACES = 256;
    private static final int STEPS = 10;
    private static final double STATEMENTS_PER_STEP = 0.05;

    private record TableUse(long inserts, long updates, long deletes, long scans, long lookUps) {
        TableUse since(TableUse before) {
            return new TableUse(
                    inserts - before.inserts,
                    updates - before.updates,
                    deletes - before.deletes,
                    scans - before.scans,
                    lookUps - before.lookUps);
        }
    }

    @Test
    void many_traces_at_once_cost_one_row_a_step_and_next_to_no_statements() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            Sql server = new Sql(TestPostgres.url());
            R2dbcStore first = database.store(R2dbcConfig.defaults());
            first.migrate().then(first.close()).block(Duration.ofMinutes(2));
            TableUse journalBefore = use(database, "rs_journal");
            TableUse headsBefore = use(database, "rs_trace");
            long commitsBefore = commits(server, database);

            R2dbcStore store = database.store(R2dbcConfig.defaults());
            run(store.traces()).then().block(Duration.ofMinutes(5));
            store.close().block(Duration.ofMinutes(2));

            double commits = commits(server, database) - commitsBefore;
            System.out.printf("%d traces of %d steps: %.0f commits%n", TRACES, STEPS, commits);
            assertThat(commits / (TRACES * STEPS)).isPositive().isLessThan(STATEMENTS_PER_STEP);

            database.sql()
                    .await(
                            rows -> rows >= TRACES * STEPS + TRACES,
                            "SELECT n_tup_ins FROM pg_stat_all_tables WHERE relname = 'rs_journal'");
            TableUse journal = use(database, "rs_journal").since(journalBefore);
            assertThat(journal).isEqualTo(new TableUse(TRACES * STEPS + TRACES, 0, 0, 0, 0));
            TableUse heads = use(database, "rs_trace").since(headsBefore);
            assertThat(heads.inserts()).isEqualTo(TRACES);
            assertThat(heads.updates()).isEqualTo(TRACES);
            assertThat(heads.deletes()).isZero();
            assertThat(heads.scans()).isZero();
            // ON CONFLICT looks a key up once for each head it writes
            assertThat(heads.lookUps()).isLessThanOrEqualTo(2 * TRACES);
            countStatements(server, database);
        }
    }

    /** Where the server counts statements: no more than a few, and none that reads the tables. */
    private static void countStatements(Sql server, TestDatabase database) {
        if (!server.strings("SHOW shared_preload_libraries").get(0).contains("pg_stat_statements")) {
            return;
        }
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        String ofDatabase = " FROM pg_stat_statements WHERE toplevel AND query LIKE '%rs\\_%'"
                + " AND dbid = (SELECT oid FROM pg_database WHERE datname = $1)";
        List<String> reads = server.strings(
                "SELECT query" + ofDatabase + " AND query ~* '^SELECT.*FROM rs_(journal|trace)'", database.name());
        assertThat(reads).isEmpty();
        long writes = server.number(
                "SELECT COALESCE(SUM(calls), 0)::int8" + ofDatabase + " AND query ILIKE '%INSERT INTO rs\\_journal%'",
                database.name());
        System.out.println("statements that write the journal: " + writes);
        assertThat((double) writes / (TRACES * STEPS)).isPositive().isLessThan(STATEMENTS_PER_STEP);
    }

    private static Flux<Void> run(PersistenceStore store) {
        return Flux.range(0, TRACES)
                .flatMap(
                        trace -> Flux.range(1, STEPS)
                                .concatMap(step -> store.append(step("trace-" + trace, step)))
                                .then(store.complete("trace-" + trace, CompletionState.SUCCESS)),
                        TRACES);
    }

    private static PersistenceEnvelope step(String traceId, int step) {
        return PersistenceEnvelope.of(traceId, "budget", step, "node-" + step, Outcome.SUCCESS, Instant.now())
                .withPayload(Payload.json("{\"step\":" + step + "}"));
    }

    /** Counted when no session is left, since a session hands its counts in when it ends. */
    private static long commits(Sql server, TestDatabase database) {
        server.await(
                sessions -> sessions == 0,
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
                database.name());
        return server.number("SELECT xact_commit FROM pg_stat_database WHERE datname = $1", database.name());
    }

    private static TableUse use(TestDatabase database, String table) {
        return database.sql()
                .query(
                        row -> new TableUse(
                                number(row.get("n_tup_ins", Long.class)),
                                number(row.get("n_tup_upd", Long.class)),
                                number(row.get("n_tup_del", Long.class)),
                                number(row.get("seq_scan", Long.class)),
                                number(row.get("idx_scan", Long.class))),
                        "SELECT * FROM pg_stat_all_tables WHERE relname = $1",
                        table)
                .get(0);
    }

    private static long number(Long value) {
        return Objects.requireNonNull(value);
    }
}
