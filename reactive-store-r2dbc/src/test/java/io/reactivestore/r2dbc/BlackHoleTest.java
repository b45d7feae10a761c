package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The network swallows everything and closes nothing, as a firewall that forgot a connection, or a host that lost its power.
 * The server's own statement timeout cannot help: its word does not arrive.
 */
class BlackHoleTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String prefix = KillRounds.newPrefix();
    private CuttingProxy proxy;

    @BeforeEach
    void openProxy() throws IOException {
        proxy = CuttingProxy.before(TestPostgres.url());
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
        KillRounds.drop(TestPostgres.url(), prefix);
    }

    @Test
    void anAppendEndsWithATypedError() {
        R2dbcStore store = openedAndUsed(1);
        proxy.freeze();
        assertThatThrownBy(() -> store.traces().append(step(1)).block(LIMIT))
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        error -> assertThat(error.traceId()).isEqualTo("black-hole"));
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void aReadingEndsWithATypedError() {
        R2dbcStore store = openedAndUsed(1);
        proxy.freeze();
        assertThatThrownBy(() -> store.traces().load("black-hole").block(LIMIT))
                .isInstanceOf(StoreUnavailableException.class);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    /** More than the buffers of both sockets take, so that not even a farewell can be sent. */
    @Test
    void anAppendThatCannotBeSentEndsWithATypedError() {
        R2dbcStore store = openedAndUsed(0);
        proxy.freeze();
        PersistenceEnvelope large = step(1).withPayload(Payload.owning(new byte[15 << 20], "application/octet-stream"));
        assertThatThrownBy(() -> store.traces().append(large).block(LIMIT))
                .isInstanceOf(StoreUnavailableException.class);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void aSilentConnectionIsReplaced() {
        R2dbcStore store = openedAndUsed(30);
        proxy.freeze();
        proxy.thawForNewConnections();
        int connections = proxy.accepted();
        assertThat(store.traces().append(step(1)).block(LIMIT)).isEqualTo(2);
        assertThat(proxy.accepted()).as("connections made").isGreaterThan(connections);
        assertThat(store.traces().append(step(2)).block(LIMIT)).isEqualTo(3);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void anAppendThatWasCommittedInSilenceStandsOnce() throws Exception {
        R2dbcStore store = openedAndUsed(30);
        CompletableFuture<Void> swallowed = proxy.swallowAnswer();
        CompletableFuture<Long> append = store.traces().append(step(1)).toFuture();
        swallowed.get(LIMIT.toMinutes(), TimeUnit.MINUTES);
        assertThat(rows()).as("committed, though nobody was told").isEqualTo(2);
        assertThat(append.get(LIMIT.toMinutes(), TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(rows()).isEqualTo(2);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    /** Else the time to wait for a connection would be as many times what is configured as connections are allowed. */
    @Test
    void aConnectionThatIsNotAnsweredIsNotTriedAgain() {
        R2dbcStore store = open(1);
        proxy.freeze();
        assertThatThrownBy(() -> store.traces().load("black-hole").block(LIMIT))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(proxy.accepted()).as("connections tried").isEqualTo(1);
        store.close().block(LIMIT);
    }

    private R2dbcStore openedAndUsed(int writeRetries) {
        R2dbcStore store = open(writeRetries);
        store.migrate().then(store.traces().append(step(0))).block(LIMIT);
        return store;
    }

    private R2dbcStore open(int writeRetries) {
        R2dbcConfig config = R2dbcConfig.defaults()
                .withTablePrefix(prefix)
                .withMaxConnections(2)
                .withStatementTimeout(Duration.ofSeconds(1))
                .withAcquireTimeout(Duration.ofSeconds(1))
                .withStore(StoreConfig.defaults().withLanes(1).withWriteRetries(writeRetries));
        return R2dbcStore.create(proxy.url(), config);
    }

    private static PersistenceEnvelope step(int step) {
        return PersistenceEnvelope.of("black-hole", "durability", step, "node", Outcome.SUCCESS, Instant.EPOCH);
    }

    private long rows() {
        return KillRounds.query(TestPostgres.url(), "SELECT COUNT(*) FROM " + prefix + "journal")
                .get(0);
    }
}
