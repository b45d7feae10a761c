package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.spi.CatalogBackend.Outline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The steps of a long trace are counted in one pass, not in one for each entry. */
class OutlineTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ENTRIES = 4_000;

    @Test
    void a_journal_is_read_once_however_long_it_is() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().then(store.close()).block(LIMIT);
            database.sql()
                    .execute("INSERT INTO rs_journal (trace_id, position, writer, at, kind, outcome, step)"
                            + " SELECT 'a', x, 7, now(), 1, 2, x FROM generate_series(1, " + ENTRIES + ") x");
            // what does not fit is read from files, and that is counted
            database.sql().execute("ALTER DATABASE " + database.name() + " SET work_mem = '64kB'");
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            Map<String, Outline> outlines =
                    backend.catalog().orElseThrow().outlines(List.of("a")).block(LIMIT);
            assertThat(outlines).containsEntry("a", new Outline(ENTRIES, null));
            String plan = String.join(
                    "\n",
                    database.sql()
                            .strings(
                                    "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) "
                                            + connections.statements.get(0).sql(),
                                    (Object) new String[] {"a"}));
            long readAgain = Pattern.compile("temp read=(\\d+)")
                    .matcher(plan)
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .max()
                    .orElse(0);
            assertThat(readAgain).as(plan).isLessThan(ENTRIES);
            backend.close().block(LIMIT);
        }
    }
}
