package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** On large tables no statement of the store looks at more than the rows it names. */
class ExplainTest {

    private static final String ENTRY = " (trace_id, position, writer, at, kind, label) SELECT CONCAT('trace-', t.x),"
            + " p.x, 7, TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00', 6, 'note' FROM ";
    private static final String HEAD = " (trace_id, workflow, version, status, created_at, updated_at)"
            + " SELECT CONCAT('trace-', t.x), 'order', '1', 0, TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00',"
            + " TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00' FROM ";

    @Test
    void postgresql_reads_by_index_only() {
        try (TestDatabase database = migrated(Database.POSTGRESQL)) {
            Sql sql = database.sql();
            sql.execute(
                    "INSERT INTO rs_journal" + ENTRY + "generate_series(1, 10000) t(x), generate_series(1, 12) p(x)");
            sql.execute("INSERT INTO rs_trace" + HEAD + "generate_series(1, 10000) t(x)");
            sql.execute("VACUUM ANALYZE rs_journal");
            sql.execute("VACUUM ANALYZE rs_trace");
            Plans plans = new Plans(database, R2dbcConfig.defaults(), 50);
            assertThat(plans.bySql())
                    .allSatisfy((statement, plan) ->
                            assertThat(plan).contains("Index").doesNotContain("Seq Scan"));
            assertThat(plans.of("LIMIT $3")).contains("rs_journal_pkey");
            assertThat(plans.of("position <= $2")).contains("rs_journal_pkey");
            assertThat(plans.of("MAX(position)")).contains("rs_journal_pkey");
            assertThat(plans.of("rs_trace WHERE trace_id")).contains("rs_trace_pkey");
            assertThat(plans.of("created_at DESC")).contains("Merge Append", "rs_trace_by_status");
        }
    }

    @Test
    void h2_reads_by_index_only() {
        try (TestDatabase database = migrated(Database.H2)) {
            Sql sql = database.sql();
            sql.execute("INSERT INTO rs_journal" + ENTRY + "SYSTEM_RANGE(1, 10000) t, SYSTEM_RANGE(1, 12) p");
            sql.execute("INSERT INTO rs_trace" + HEAD + "SYSTEM_RANGE(1, 10000) t");
            sql.execute("ANALYZE");
            Plans plans = new Plans(database, R2dbcConfig.defaults(), 50);
            assertThat(plans.bySql())
                    .allSatisfy((statement, plan) -> assertThat(plan).doesNotContain("tableScan"))
                    .allSatisfy(
                            // of 120,000: those found by their index, and once more where a page of them is cut
                            (statement, plan) -> assertThat(rowsScanned(plan)).isLessThan(2_000));
            assertThat(plans.of("LIMIT $3")).containsPattern("PRIMARY_KEY_\\w+: TRACE_ID = .*\\s.*POSITION >");
            assertThat(plans.of("position <= $2")).containsPattern("PRIMARY_KEY_\\w+: [^*]*TRACE_ID = ID");
            assertThat(plans.of("MAX(position)")).containsPattern("PRIMARY_KEY_\\w+: [^*]*TRACE_ID = ID");
            assertThat(plans.of("rs_trace WHERE trace_id")).containsPattern("PRIMARY_KEY_\\w+: TRACE_ID =");
            assertThat(plans.of("created_at DESC")).contains("RS_TRACE_BY_STATUS");
        }
    }

    /** What H2 counted: it may name an index with an id and read all of it. */
    private static long rowsScanned(String plan) {
        List<Long> counts = Pattern.compile("scanCount: (\\d+)")
                .matcher(plan)
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
        assertThat(counts).as(plan).isNotEmpty();
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static TestDatabase migrated(Database kind) {
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(R2dbcConfig.defaults());
        store.migrate().then(store.close()).block(Duration.ofMinutes(2));
        return database;
    }
}
