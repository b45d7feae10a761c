package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.r2dbc.spi.Connection;
import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.transactions.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The caller's own writes and entries of the journal are one transaction. */
class TransactionsTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TRACE = "t";

    private interface Body {
        void run(TestDatabase database, R2dbcStore store, Transactions<Connection> transactions);
    }

    @SuppressWarnings("unchecked")
    private static void with(Database kind, Body body) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().block(LIMIT);
            database.sql().execute("CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL)");
            store.traces().append(step(0)).block(LIMIT);
            Transactions<?> transactions = store.require(Capability.TRANSACTIONS);
            assertThat(transactions.connectionType()).isEqualTo(Connection.class);
            body.run(database, store, (Transactions<Connection>) transactions);
            assertThat(store.connectionsInUse()).isZero();
            store.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void both_are_there_after_the_commit(Database kind) {
        with(kind, (database, store, transactions) -> {
            Long position = transactions
                    .inTransaction(connection -> pay(connection, 1).then(append(transactions, connection, step(1))))
                    .block(LIMIT);

            assertThat(position).isEqualTo(2);
            assertThat(paid(database)).isEqualTo(1);
            assertThat(store.traces().append(step(2)).block(LIMIT)).isEqualTo(3);
            assertThat(positions(store)).containsExactly(1L, 2L, 3L);
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void an_error_of_the_work_leaves_neither_and_stays_what_it_is(Database kind) {
        with(kind, (database, store, transactions) -> {
            IllegalStateException own = new IllegalStateException("own");
            assertThatThrownBy(() -> transactions
                            .inTransaction(connection -> pay(connection, 1)
                                    .then(append(transactions, connection, step(1)))
                                    .then(Mono.error(own)))
                            .block(LIMIT))
                    .isSameAs(own);
            assertThat(paid(database)).isZero();
            assertThat(positions(store)).containsExactly(1L);
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void what_is_not_committed_is_nowhere(Database kind) {
        with(kind, (database, store, transactions) -> {
            AtomicReference<List<Long>> meanwhile = new AtomicReference<>();
            transactions
                    .inTransaction(connection -> append(transactions, connection, step(1))
                            .flatMap(position -> store.require(Capability.JOURNAL)
                                    .read(TRACE, 0)
                                    .map(JournalEntry::position)
                                    .collectList()
                                    .doOnNext(meanwhile::set)))
                    .block(LIMIT);
            assertThat(meanwhile.get()).containsExactly(1L);
            assertThat(positions(store)).containsExactly(1L, 2L);
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void several_appends_of_one_transaction_see_each_other_and_a_repeated_one_is_absorbed(Database kind) {
        with(kind, (database, store, transactions) -> {
            List<Long> positions = transactions
                    .inTransaction(connection -> Flux.just(step(1), step(2), step(1))
                            .concatMap(step -> append(transactions, connection, step))
                            .collectList())
                    .block(LIMIT);
            assertThat(positions).containsExactly(2L, 3L, 2L);
            assertThat(positions(store)).containsExactly(1L, 2L, 3L);
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_writer_that_was_faster_moves_the_entry_behind_its_own(Database kind) {
        with(kind, (database, store, transactions) -> {
            long writers = 8;
            Flux.range(1, (int) writers)
                    .flatMap(i -> Mono.when(
                            transactions.inTransaction(
                                    connection -> pay(connection, i).then(append(transactions, connection, step(i)))),
                            store.traces().append(step(100 + i))))
                    .blockLast(LIMIT);
            assertThat(paid(database)).isEqualTo(writers);
            assertThat(positions(store))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 1 + 2 * writers).boxed().toList());
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void the_rules_hold_and_a_refusal_spares_the_callers_transaction(Database kind) {
        with(kind, (database, store, transactions) -> {
            store.traces()
                    .saveIntervention(TRACE, Intervention.of("d", "node", InterventionAction.SKIP, AT))
                    .block(LIMIT);
            Throwable refused = transactions
                    .inTransaction(connection -> pay(connection, 1)
                            .then(transactions
                                    .append(connection, TRACE, 1, recorded(step(1)))
                                    .<Throwable>map(position -> new AssertionError("appended"))
                                    .onErrorResume(Mono::just)))
                    .block(LIMIT);
            assertThat(refused).isInstanceOf(PositionConflictException.class);
            assertThat(paid(database)).isEqualTo(1);

            ReactiveStore other = database.store(R2dbcConfig.defaults());
            other.traces().resume(TRACE, 0).block(LIMIT);
            assertThatThrownBy(() -> transactions
                            .inTransaction(connection -> append(transactions, connection, step(1)))
                            .block(LIMIT))
                    .isInstanceOf(ClaimLostException.class);
            other.close().block(LIMIT);
        });
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_transaction_that_the_caller_began_is_the_callers_to_end(Database kind) {
        with(kind, (database, store, transactions) -> {
            Connection own = Objects.requireNonNull(database.sql().connection());
            Mono.from(own.beginTransaction())
                    .then(pay(own, 1))
                    .then(append(transactions, own, step(1)))
                    .then(Mono.from(own.rollbackTransaction()))
                    .block(LIMIT);
            assertThat(positions(store)).containsExactly(1L);
            Mono.from(own.beginTransaction())
                    .then(pay(own, 1))
                    .then(append(transactions, own, step(1)))
                    .then(Mono.from(own.commitTransaction()))
                    .then(Mono.from(own.close()))
                    .block(LIMIT);
            assertThat(paid(database)).isEqualTo(1);
            assertThat(positions(store)).containsExactly(1L, 2L);
        });
    }

    private static Mono<Long> append(
            Transactions<Connection> transactions, Connection connection, PersistenceEnvelope step) {
        return transactions.append(connection, TRACE, Long.MAX_VALUE, recorded(step));
    }

    private static List<JournalEvent> recorded(PersistenceEnvelope step) {
        return List.of(new JournalEvent.StepRecorded(step));
    }

    private static PersistenceEnvelope step(long number) {
        return PersistenceEnvelope.of(TRACE, "order", number, "step-" + number, Outcome.SUCCESS, AT)
                .withPayload(Payload.json(Long.toString(number)));
    }

    private static Mono<Void> pay(Connection connection, long id) {
        return Mono.from(connection
                        .createStatement("INSERT INTO account VALUES ($1, 10)")
                        .bind(0, id)
                        .execute())
                .flatMap(result -> Mono.from(result.getRowsUpdated()))
                .then();
    }

    private static long paid(TestDatabase database) {
        return database.sql().number("SELECT COUNT(*) FROM account");
    }

    private static List<Long> positions(ReactiveStore store) {
        return Objects.requireNonNull(store.require(Capability.JOURNAL)
                .read(TRACE, 0)
                .map(JournalEntry::position)
                .collectList()
                .block(LIMIT));
    }
}
