package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.claims.Claims;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** On PostgreSQL a process hears what another one does, on one connection that is there while somebody listens. */
class HintsTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final String LISTENING =
            " FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'LISTEN reactive\\_store\\_%'";

    private final TestDatabase database = TestDatabase.of(Database.POSTGRESQL);
    private final R2dbcStore one = database.store(R2dbcConfig.defaults());
    private final R2dbcStore other = database.store(R2dbcConfig.defaults());
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final AtomicInteger decisions = new AtomicInteger();

    @BeforeEach
    void start() {
        one.migrate().block(LIMIT);
        one.traces()
                .append(PersistenceEnvelope.of("a", "order", 0, "node", Outcome.SUCCESS, AT))
                .block(LIMIT);
    }

    @AfterEach
    void stop() {
        one.close().block(LIMIT);
        other.close().block(LIMIT);
        database.close();
    }

    @Test
    void a_decision_in_one_process_is_hinted_to_the_other() {
        Disposable listening = claims(other).hints().subscribe(heard::add);
        awaitHint();
        listening.dispose();
    }

    @Test
    void a_listening_connection_that_was_killed_comes_back() {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Disposable listening = claims(other)
                .hints()
                .subscribe(heard::add, ended::set, () -> ended.set(new AssertionError("completed")));
        for (int kill = 0; kill < 3; kill++) {
            awaitHint();
            long killed = database.sql().number("SELECT COUNT(pg_terminate_backend(pid))" + LISTENING, database.name());
            assertThat(killed).isEqualTo(1);
        }
        awaitHint();
        assertThat(ended).hasNullValue();
        listening.dispose();
    }

    @Test
    void there_is_one_connection_for_all_who_listen_and_none_when_they_have_left() {
        assertThat(listening()).isZero();
        Disposable first = claims(other).hints().subscribe(heard::add);
        Disposable second = claims(other).hints().subscribe();
        awaitHint();
        assertThat(listening()).isEqualTo(1);
        assertThat(other.connectionsInUse()).isZero();
        first.dispose();
        heard.clear();
        Disposable third = claims(other).hints().subscribe(heard::add);
        awaitHint();
        assertThat(listening()).isEqualTo(1);
        second.dispose();
        third.dispose();
        awaitListening(0);
        Disposable again = claims(other).hints().subscribe(heard::add);
        awaitHint();
        again.dispose();
    }

    @Test
    void a_closed_store_listens_no_more_and_ends_no_subscription() {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Disposable listening = claims(other)
                .hints()
                .subscribe(heard::add, ended::set, () -> ended.set(new AssertionError("completed")));
        awaitHint();
        other.close().block(LIMIT);
        awaitListening(0);
        assertThat(ended).hasNullValue();
        listening.dispose();
    }

    @Test
    void who_leaves_while_the_connection_is_being_opened_leaves_none_open() {
        for (int i = 0; i < 50; i++) {
            Disposable listening = claims(other).hints().subscribe();
            Mono.delay(Duration.ofNanos(i * 400_000L)).block();
            listening.dispose();
        }
        awaitListening(0);
        database.sql()
                .await(
                        sessions -> sessions <= 1,
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'reactive-store'"
                                + " AND query NOT LIKE 'INSERT%' AND query NOT LIKE 'WITH%' AND query NOT LIKE 'COMMIT%'",
                        database.name());
    }

    @Test
    void where_the_driver_cannot_be_reached_there_are_no_hints_and_no_errors() {
        R2dbcStore wrapped = R2dbcStore.create(new WatchedConnections(ConnectionFactories.get(database.url())));
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Disposable listening = claims(wrapped)
                .hints()
                .subscribe(heard::add, ended::set, () -> ended.set(new AssertionError("completed")));
        wrapped.traces().saveIntervention("a", decision()).block(LIMIT);
        listening.dispose();
        wrapped.close().block(LIMIT);
        assertThat(ended).hasNullValue();
    }

    private void awaitHint() {
        heard.clear();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (heard.isEmpty()) {
            assertThat(System.nanoTime()).as("no hint was heard").isLessThan(end);
            one.traces().saveIntervention("a", decision()).block(LIMIT);
        }
        assertThat(heard).containsOnly("a");
    }

    private Intervention decision() {
        return Intervention.of("d-" + decisions.incrementAndGet(), "node-1", InterventionAction.SKIP, AT);
    }

    private long listening() {
        return database.sql().number("SELECT COUNT(*)" + LISTENING, database.name());
    }

    private void awaitListening(long wanted) {
        database.sql().await(found -> found == wanted, "SELECT COUNT(*)" + LISTENING, database.name());
    }

    private static Claims claims(R2dbcStore store) {
        return store.require(Capability.CLAIMS);
    }
}
