package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.r2dbc.CuttingProxy.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The connection to PostgreSQL breaks at every moment there is: nothing acknowledged is lost, nothing is written twice. */
class LostConnectionTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);

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
    void randomCutsAreRepairedByTheStore() throws Exception {
        cut(StoreConfig.defaults().withWriteRetries(30), false);
    }

    @Test
    void randomCutsCanBeRepairedByTheCaller() throws Exception {
        cut(StoreConfig.defaults().withWriteRetries(0), false);
    }

    @Test
    void everyLostAnswerOfACommitIsRecognised() throws Exception {
        cut(StoreConfig.defaults().withWriteRetries(30), true);
    }

    private void cut(StoreConfig config, boolean answersOnly) throws Exception {
        int cuts = KillRounds.STRESS ? 500 : 30;
        long seed = Long.getLong("reactivestore.seed", new Random().nextLong());
        Random random = new Random(seed);
        System.out.println("Cutting connections, -Dreactivestore.seed=" + seed);
        R2dbcStore store = open(config);
        store.migrate().block(LIMIT);
        RunningWorkload workload = new RunningWorkload(store, 0, 16);
        for (int i = 0; i < cuts; i++) {
            CompletableFuture<Void> done = switch (answersOnly ? 0 : random.nextInt(3)) {
                case 0 -> proxy.loseAnswer();
                case 1 -> proxy.cutAfter(Direction.TO_SERVER, 1 + random.nextInt(20_000));
                default -> proxy.cutAfter(Direction.TO_CLIENT, 1 + random.nextInt(400));
            };
            workload.await(done);
            workload.forgetAcks();
            workload.awaitAcks(1 + random.nextInt(20));
        }
        Audit audit = new Audit();
        workload.finish(audit);
        int entries = audit.check(store);
        assertThat(rows()).as("rows, found one by one or not").isEqualTo(entries);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
        System.out.println(cuts + " cuts: " + audit.acks() + " acknowledgements, " + entries + " entries, "
                + workload.unavailable() + " calls repeated by callers, " + proxy.accepted() + " connections");
    }

    @Test
    void anAppendWhoseAnswerIsLostStandsOnceAndSucceeds() throws Exception {
        R2dbcStore store = open(StoreConfig.defaults().withLanes(1).withWriteRetries(1_000));
        store.migrate().then(store.traces().append(step(1, 0))).block(LIMIT);
        CompletableFuture<Void> lost = proxy.loseAnswer();
        CompletableFuture<Long> append = store.traces().append(step(1, 1)).toFuture();
        proxy.refuse(Integer.MAX_VALUE);
        lost.get(LIMIT.toMinutes(), TimeUnit.MINUTES);
        assertThat(rows()).as("committed, though nobody was told").isEqualTo(2);
        assertThat(append).isNotDone();
        proxy.refuse(0);
        assertThat(append.get(LIMIT.toMinutes(), TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(rows()).isEqualTo(2);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void anAppendWhoseRequestIsCutSucceeds() throws Exception {
        R2dbcStore store = open(StoreConfig.defaults().withLanes(1).withWriteRetries(30));
        store.migrate().then(store.traces().append(step(1, 0))).block(LIMIT);
        for (int step = 1; step < Workload.STEPS; step++) {
            CompletableFuture<Void> cut = proxy.cutAfter(Direction.TO_SERVER, step * 7);
            assertThat(store.traces().append(step(1, step)).block(LIMIT)).isEqualTo(step + 1);
            assertThat(cut).isDone();
        }
        assertThat(rows()).isEqualTo(Workload.STEPS);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void allCallersOfABatchAreAnsweredThoughItsAnswerIsLost() throws Exception {
        R2dbcStore store = open(StoreConfig.defaults().withLanes(1).withWriteRetries(30));
        store.migrate().then(store.traces().append(step(0, 0))).block(LIMIT);
        for (int step = 0; step < Workload.STEPS; step++) {
            int now = step;
            CompletableFuture<Void> lost = proxy.loseAnswer();
            // each entry is asked for by two callers, and one call opens the way for a batch of all the others
            List<Long> positions = Flux.range(1, 50)
                    .flatMapSequential(
                            number -> Mono.zip(
                                            store.traces().append(step(number, now)),
                                            store.traces().append(step(number, now)))
                                    .doOnNext(pair -> assertThat(pair.getT1()).isEqualTo(pair.getT2()))
                                    .map(pair -> pair.getT1()),
                            50)
                    .collectList()
                    .block(LIMIT);
            assertThat(lost).isDone();
            assertThat(positions).hasSize(50).containsOnly(step + 1L);
        }
        assertThat(rows()).isEqualTo(1 + 50 * Workload.STEPS);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void anAppendWaitsUntilConnectingWorksAgain() {
        R2dbcStore store = open(StoreConfig.defaults().withWriteRetries(30));
        store.migrate().then(store.traces().append(step(1, 0))).block(LIMIT);
        proxy.refuse(20);
        proxy.cutAll();
        assertThat(store.traces().append(step(1, 1)).block(LIMIT)).isEqualTo(2);
        assertThat(proxy.accepted()).isGreaterThan(20);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
    }

    @Test
    void callersLearnThatTheServerNeverComesBackAndHoldNoMemory() throws Exception {
        int callers = 4;
        R2dbcStore store = open(StoreConfig.defaults().withWriteRetries(2).withMaxWaitingCallers(callers));
        store.migrate().then(store.traces().append(step(1, 0))).block(LIMIT);
        proxy.closeDoor();
        for (int round = 0; round < 5; round++) {
            // an overloaded store would mean that callers answered before still count
            List<Class<?>> answers = Flux.range(1, callers)
                    .flatMap(step -> store.traces()
                            .append(step(1, step))
                            .<Class<?>>map(Long::getClass)
                            .onErrorResume(error -> Mono.just(error.getClass())))
                    .collectList()
                    .block(LIMIT);
            assertThat(answers).hasSize(callers).containsOnly(StoreUnavailableException.class);
        }
        assertThatThrownBy(() -> store.traces().load(Workload.traceId(4)).block(LIMIT))
                .isInstanceOf(StoreUnavailableException.class);
        KillRounds.awaitNoConnections(store);
        store.close().block(LIMIT);
        assertThat(rows()).isEqualTo(1);
    }

    private R2dbcStore open(StoreConfig config) {
        return R2dbcStore.create(
                proxy.url(), R2dbcConfig.defaults().withTablePrefix(prefix).withStore(config));
    }

    private static PersistenceEnvelope step(int number, int step) {
        return Workload.calls(number * 4).stream()
                .flatMap(call -> call.events().stream())
                .filter(StepRecorded.class::isInstance)
                .map(event -> ((StepRecorded) event).envelope())
                .filter(envelope -> envelope.step() == step)
                .findFirst()
                .orElseThrow();
    }

    private long rows() {
        return KillRounds.query(TestPostgres.url(), "SELECT COUNT(*) FROM " + prefix + "journal")
                .get(0);
    }
}
