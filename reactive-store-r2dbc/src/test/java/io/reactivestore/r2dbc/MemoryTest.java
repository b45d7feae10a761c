package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with little memory writes far more than it could hold, and loses nothing. Small by default; a million appends with
 * {@code -Dreactivestore.stress=true}.
 */
class MemoryTest {

    private static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");
    private static final int TRACES = STRESS ? 100_000 : 2_000;
    private static final int STEPS = 10;
    private static final List<String> FLAGS = List.of(STRESS ? "-Xmx256m" : "-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
    private static final List<String> READER_FLAGS = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
    private static final Pattern RESULT = Pattern.compile("accepted=(\\d+) refused=(\\d+) after=1");

    @Test
    void a_process_with_little_memory_appends_to_postgresql() throws Exception {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            assertThat(append(database.url(), 512)).isEqualTo(TRACES * STEPS);
            assertComplete(database.sql());
        }
    }

    @Test
    void a_process_with_little_memory_appends_to_an_h2_file(@TempDir Path folder) throws Exception {
        String url = "r2dbc:h2:file:///" + folder.resolve("store");
        assertThat(append(url, 512)).isEqualTo(TRACES * STEPS);
        assertComplete(new Sql(url));
    }

    @Test
    void a_producer_that_outruns_postgresql_is_refused_and_what_was_accepted_is_there() throws Exception {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            long accepted = append(database.url(), 0);
            assertThat(accepted).isBetween(1L, TRACES * STEPS - 1L);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal WHERE trace_id <> 'after'"))
                    .isEqualTo(accepted);
        }
    }

    @Test
    void a_process_with_little_memory_reads_a_journal_that_it_could_not_hold() throws Exception {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().then(store.close()).block(Duration.ofMinutes(2));
            Sql sql = database.sql();
            sql.execute(insert("many", 1, 5_000, 32 << 10));
            assertThat(read(database.url(), "many")).contains("entries=5000 bytes=" + 5_000L * (32 << 10));
            // what came before says nothing about how large the next ones are
            sql.execute(insert("grows", 1, 2_000, 1));
            sql.execute(insert("grows", 2_001, 2_100, 4 << 20));
            assertThat(read(database.url(), "grows")).contains("entries=2100 bytes=" + (2_000 + 100L * (4 << 20)));
        }
    }

    private static String insert(String trace, int first, int last, int size) {
        return "INSERT INTO rs_journal (trace_id, position, writer, at, kind, label, media_type, payload_hash, payload)"
                + " SELECT '" + trace + "', x, 7, timestamptz '2026-01-01 00:00:00+00', 6, 'note', 'text/plain',"
                + " sha256(p), p FROM (SELECT x, convert_to(repeat(chr(65 + x % 26), " + size + "), 'UTF8') AS p"
                + " FROM generate_series(" + first + ", " + last + ") x) AS made";
    }

    private static String read(String url, String trace) throws Exception {
        try (ChildJvm child = new ChildJvm(ReadingUnderMemoryLimit.class, READER_FLAGS, url, trace)) {
            return child.finish();
        }
    }

    /** Gives how many appends were accepted; all, if callers are limited. */
    private static long append(String url, int callers) throws Exception {
        try (ChildJvm child =
                new ChildJvm(AppendingUnderMemoryLimit.class, FLAGS, url, "" + TRACES, "" + STEPS, "" + callers)) {
            String output = child.finish();
            System.out.println(output);
            Matcher result = RESULT.matcher(output);
            assertThat(result.find()).as(output).isTrue();
            long accepted = Long.parseLong(result.group(1));
            assertThat(accepted + Long.parseLong(result.group(2))).isEqualTo(TRACES * STEPS);
            return accepted;
        }
    }

    private static void assertComplete(Sql sql) {
        assertThat(sql.number("SELECT COUNT(*) FROM rs_journal")).isEqualTo(TRACES * STEPS + 1);
        assertThat(sql.number("SELECT COUNT(*) FROM (SELECT trace_id FROM rs_journal WHERE trace_id <> 'after'"
                        + " GROUP BY trace_id HAVING COUNT(*) = " + STEPS + " AND MAX(position) = " + STEPS + ") t"))
                .isEqualTo(TRACES);
    }
}
