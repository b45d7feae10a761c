package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.error.SchemaVersionException;
import io.reactivestore.error.StoreFailedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** How the tables come to be: by anybody, any number of times, where the user wants them. */
class MigrationTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @ParameterizedTest
    @EnumSource(Database.class)
    void ten_stores_migrate_at_once(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            List<R2dbcStore> stores = IntStream.range(0, 10)
                    .mapToObj(i -> database.store(R2dbcConfig.defaults()))
                    .toList();
            Flux.fromIterable(stores).flatMap(R2dbcStore::migrate, 10).blockLast(LIMIT);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_schema")).isEqualTo(Migration.FILES.size());
            assertThat(database.sql().number("SELECT CAST(MAX(version) AS bigint) FROM rs_schema"))
                    .isEqualTo(Migration.NEWEST);
            for (int i = 0; i < 10; i++) {
                assertThat(stores.get(i).traces().append(step("a", i)).block(LIMIT))
                        .isEqualTo(i + 1);
            }
            close(stores);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void migrating_again_is_harmless(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().block(LIMIT);
            store.traces().append(step("a", 1)).block(LIMIT);
            store.migrate().then(store.migrate()).block(LIMIT);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_schema")).isEqualTo(Migration.FILES.size());
            assertThat(store.traces().append(step("a", 2)).block(LIMIT)).isEqualTo(2);
            close(List.of(store));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void tables_of_a_newer_version_are_refused_and_left_alone(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            database.sql().execute("CREATE TABLE rs_schema (version integer NOT NULL PRIMARY KEY)");
            database.sql().execute("INSERT INTO rs_schema (version) VALUES (99)");
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            StepVerifier.create(store.migrate())
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(SchemaVersionException.class, refused -> {
                                assertThat(refused.found()).isEqualTo(99);
                                assertThat(refused.known()).isEqualTo(Migration.NEWEST);
                            }))
                    .verify(LIMIT);
            assertThat(database.relations("rs_journal")).isZero();
            assertThat(database.relations("rs_trace")).isZero();
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_schema")).isEqualTo(1);
            close(List.of(store));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void tables_stand_in_the_schema_and_under_the_prefix_asked_for(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            database.sql().execute("CREATE SCHEMA workflows");
            R2dbcStore store = database.store(
                    R2dbcConfig.defaults().withSchema("workflows").withTablePrefix("orders_"));
            store.migrate().block(LIMIT);
            store.traces().append(step("a", 1)).block(LIMIT);
            assertThat(store.traces().load("a").block(LIMIT))
                    .satisfies(trace -> assertThat(trace.envelopes()).containsExactly(step("a", 1)));
            assertThat(heads(store)).extracting(TraceHead::traceId).containsExactly("a");
            assertThat(database.sql().number("SELECT COUNT(*) FROM workflows.orders_journal_readable"))
                    .isEqualTo(1);
            assertThat(database.relations("rs_journal")).isZero();
            close(List.of(store));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void two_prefixes_in_one_database_do_not_see_each_other(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore one = database.store(R2dbcConfig.defaults().withTablePrefix("one_"));
            R2dbcStore two = database.store(R2dbcConfig.defaults().withTablePrefix("two_"));
            Mono.when(one.migrate(), two.migrate()).block(LIMIT);
            one.traces().append(step("a", 1)).block(LIMIT);
            assertThat(two.traces().load("a").blockOptional(LIMIT)).isEmpty();
            assertThat(heads(two)).isEmpty();
            assertThat(two.traces().append(step("a", 7)).block(LIMIT)).isEqualTo(1);
            assertThat(one.traces().load("a").block(LIMIT))
                    .satisfies(trace -> assertThat(trace.envelopes()).containsExactly(step("a", 1)));
            close(List.of(one, two));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void without_tables_every_call_names_the_remedy(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            namesTheRemedy(store.traces().append(step("a", 1)));
            namesTheRemedy(store.traces().append(step("a", 7)));
            namesTheRemedy(store.traces().load("a"));
            namesTheRemedy(store.require(Capability.JOURNAL).read("a", 0));
            namesTheRemedy(store.require(Capability.CATALOG).recent(1));
            store.migrate().block(LIMIT);
            assertThat(store.traces().append(step("a", 1)).block(LIMIT)).isEqualTo(1);
            close(List.of(store));
        }
    }

    private static void namesTheRemedy(Publisher<?> call) {
        StepVerifier.create(call)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(StoreFailedException.class)
                        .hasMessageContaining("call migrate()"))
                .verify(LIMIT);
    }

    private static List<TraceHead> heads(R2dbcStore store) {
        return store.require(Capability.CATALOG).recent(10).collectList().block(LIMIT);
    }

    private static void close(List<R2dbcStore> stores) {
        Flux.fromIterable(stores).flatMap(R2dbcStore::close).blockLast(LIMIT);
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(
                        traceId, "order", step, "node-" + step, Outcome.SUCCESS, Instant.ofEpochSecond(1_772_000_000L))
                .withPayload(Payload.json("\"" + step + "\""));
    }
}
