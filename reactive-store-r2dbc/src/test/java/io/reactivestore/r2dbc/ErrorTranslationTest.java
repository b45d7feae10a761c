package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The trouble of real databases, as callers get to see it: typed, with the remedy, without secrets. */
class ErrorTranslationTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final R2dbcConfig ONE_TRY =
            R2dbcConfig.defaults().withStore(StoreConfig.defaults().withWriteRetries(0));

    @Test
    void a_file_that_another_process_holds_is_reported_as_in_use(@TempDir Path folder) throws Exception {
        String url = "r2dbc:h2:file:///" + folder.resolve("store");
        try (ChildJvm holder = new ChildJvm(H2Holder.class, List.of("-Xmx128m"), url)) {
            holder.awaitLine(H2Holder.READY);
            R2dbcStore store = R2dbcStore.create(url, ONE_TRY);
            assertThat(failure(store.traces().append(step("a"))))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("in use by another process");
            assertThat(failure(store.traces().load("a")))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("in use by another process");
            store.close().block(LIMIT);
        }
    }

    @Test
    void a_store_that_was_never_used_makes_no_file(@TempDir Path folder) {
        R2dbcStore.create("r2dbc:h2:file:///" + folder.resolve("store"), ONE_TRY)
                .close()
                .block(LIMIT);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_database_that_is_not_there_is_named_as_the_cause() {
        String url = TestPostgres.url().replaceFirst("/[^/]*$", "/no_such_database");
        R2dbcStore store = R2dbcStore.create(url, ONE_TRY);
        assertThat(failure(store.traces().append(step("a"))))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("database does not exist")
                .hasMessageContaining("3D000");
        store.close().block(LIMIT);
    }

    @Test
    void a_server_that_refuses_connections_is_unavailable() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        R2dbcStore store = R2dbcStore.create("r2dbc:postgresql://app:s3cret@127.0.0.1:" + port + "/app", ONE_TRY);
        for (StoreException error : List.of(
                failure(store.traces().append(step("a"))),
                failure(store.traces().load("a")))) {
            assertThat(error).isInstanceOf(StoreUnavailableException.class);
            assertThat(error.isTransient()).isTrue();
            assertThat(printed(error)).doesNotContain("s3cret");
        }
        store.close().block(LIMIT);
    }

    @Test
    void a_statement_that_takes_too_long_is_given_up() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(ONE_TRY.withStatementTimeout(Duration.ofMillis(500)));
            store.migrate().block(LIMIT);
            StoreException error = Mono.usingWhen(
                            ConnectionFactories.get(database.url()).create(),
                            locker -> Mono.from(locker.beginTransaction())
                                    .thenMany(Flux.from(locker.createStatement("LOCK TABLE rs_journal")
                                                    .execute())
                                            .flatMap(result -> result.getRowsUpdated()))
                                    .then(store.traces().append(step("a")))
                                    .then(Mono.<StoreException>empty())
                                    .onErrorResume(StoreException.class, Mono::just),
                            locker -> locker.close())
                    .block(LIMIT);
            assertThat(error)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("took too long")
                    .hasMessageContaining("57014");
            assertThat(store.traces().append(step("a")).block(LIMIT)).isEqualTo(1);
            store.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void no_payload_is_shown_when_a_row_is_refused(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(ONE_TRY);
            store.migrate().block(LIMIT);
            database.sql().execute("ALTER TABLE rs_journal ADD CONSTRAINT few CHECK (position > 1)");
            StoreException error = failure(store.traces().append(step("a")));
            assertThat(error).isInstanceOf(StoreFailedException.class);
            assertThat(error.traceId()).isEqualTo("a");
            assertThat(printed(error)).doesNotContain("DE02", "4445303", "44453032");
            store.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r2dbc:postgresql://app:s3cret@localhost/app",
                "r2dbc:oracle://app:s3cret@localhost/app",
                "r2dbc:postgresql//app:s3cret@localhost",
                "jdbc:postgresql://app:s3cret@localhost/app",
                "postgresql://app:s3cret@localhost/app",
                "r2dbc:pool:postgresql://app:s3cret@localhost/app?maxSize=x"
            })
    void no_password_is_shown(String url) {
        R2dbcStore[] store = new R2dbcStore[1];
        Throwable error = catchThrowable(() -> store[0] = R2dbcStore.create(url));
        if (error != null) {
            assertThat(error).isInstanceOf(IllegalArgumentException.class);
            assertThat(printed(error)).doesNotContain("s3cret");
        } else {
            assertThat(store[0].toString()).doesNotContain("s3cret");
            assertThat(R2dbcConfig.defaults().toString()).doesNotContain("s3cret");
            store[0].close().block(LIMIT);
        }
    }

    private static PersistenceEnvelope step(String traceId) {
        return PersistenceEnvelope.of(traceId, "order", 1, "node", Outcome.SUCCESS, Instant.EPOCH)
                .withPayload(Payload.json("{\"iban\":\"DE02\"}"));
    }

    private static StoreException failure(Mono<?> call) {
        return (StoreException) Objects.requireNonNull(catchThrowable(() -> call.block(LIMIT)));
    }

    private static String printed(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
