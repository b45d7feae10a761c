package io.reactivestore.r2dbc;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A client of PostgreSQL dies: everything it acknowledged is in the database, and the next client goes on without a trace twice. */
class PostgresKillTest {

    @Test
    void acknowledgedEntriesSurviveSigkillOfTheClient(@TempDir Path folder) throws Exception {
        String prefix = KillRounds.newPrefix();
        String url = TestPostgres.url();
        String name = "killed-" + prefix;
        String named = url + (url.contains("?") ? "&" : "?") + "applicationName=" + name;
        try {
            new KillRounds(named, prefix, folder).run(KillRounds.STRESS ? 20 : 3, gone(url, name));
        } finally {
            KillRounds.drop(url, prefix);
        }
    }

    /** The server works a statement off even if its client is dead; only then the journal is at rest. */
    private static Mono<Boolean> gone(String url, String name) {
        String sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = '" + name + "'";
        return Mono.fromCallable(() -> KillRounds.query(url, sql).get(0) == 0)
                .filter(none -> none)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(50)))
                .subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic());
    }
}
