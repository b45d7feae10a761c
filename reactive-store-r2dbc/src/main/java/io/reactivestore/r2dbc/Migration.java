package io.reactivestore.r2dbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Statement;
import io.reactivestore.error.SchemaVersionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Brings the tables to the newest version. The scripts are plain files beside this class, one per version and database, for
 * users who apply them with a tool of their own. Many processes may start at once.
 */
final class Migration {

    static final List<String> FILES = List.of(
            "V1__journal.sql",
            "V2__catalog.sql",
            "V3__dead_letters.sql",
            "V4__webhooks.sql",
            "V5__facts.sql",
            "V6__snapshots.sql",
            "V7__views.sql");

    private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*");

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    private static final String VERSIONS =
            "CREATE TABLE IF NOT EXISTS ${schema}${prefix}schema (version integer NOT NULL PRIMARY KEY)";
    private static final String THERE = "SELECT version FROM ${schema}${prefix}schema";
    private static final String APPLIED = "INSERT INTO ${schema}${prefix}schema (version) VALUES ($1)";

    private final Connections connections;
    private final Database database;
    private final Tables tables;
    private final SortedMap<Integer, String> scripts;

    Migration(Connections connections, Database database, Tables tables) {
        this.connections = connections;
        this.database = database;
        this.tables = tables;
        // read here, since apply() may run where nothing must block
        this.scripts = new TreeMap<>();
        FILES.forEach(file -> scripts.put(version(file), read(file)));
    }

    /** The versions this library knows, in order. */
    static List<Integer> versions() {
        return FILES.stream().map(Migration::version).sorted().toList();
    }

    private static int version(String file) {
        Matcher name = VERSION.matcher(file);
        if (!name.matches()) {
            throw new IllegalStateException(file + " has no version");
        }
        return Integer.parseInt(name.group(1));
    }

    Mono<Void> apply() {
        return switch (database) {
            case POSTGRESQL -> connections.use("apply the schema", this::underLock);
            // H2 has no lock around DDL, but each statement of its scripts can be repeated
            case H2 ->
                connections
                        .use("apply the schema", this::upgrade)
                        .retryWhen(Retry.backoff(10, Duration.ofMillis(20))
                                .maxBackoff(Duration.ofMillis(200))
                                .filter(Migration::mayBeARace)
                                .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
        };
    }

    /** Another store of this process made the same table at the same time; a file locked by another process is no such race. */
    private static boolean mayBeARace(Throwable error) {
        return error.getCause() instanceof R2dbcException sql && !Errors.isLockedFile(sql);
    }

    private Mono<Void> underLock(Connection connection) {
        return Mono.from(connection.beginTransaction())
                .then(Mono.defer(() -> lock(connection)))
                .then(Mono.defer(() -> upgrade(connection)))
                .then(Mono.defer(() -> Mono.from(connection.commitTransaction())))
                .onErrorResume(
                        error -> Mono.from(connection.rollbackTransaction()).then(Mono.error(error)));
    }

    private Mono<Void> lock(Connection connection) {
        Statement lock = connection.createStatement(LOCK).bind(0, tables.in("reactive-store ${schema}${prefix}"));
        return Flux.from(lock.execute())
                .flatMap(result -> result.map(row -> true))
                .then();
    }

    private Mono<Void> upgrade(Connection connection) {
        return run(connection.createStatement(tables.in(VERSIONS)))
                .then(Mono.defer(() -> there(connection)))
                .flatMapIterable(this::missing)
                .concatMap(script -> Flux.fromIterable(database.statements(script.getValue()))
                        .concatMap(sql -> run(connection.createStatement(sql)))
                        .then(run(connection.createStatement(tables.in(APPLIED)).bind(0, script.getKey()))))
                .then();
    }

    private List<Map.Entry<Integer, String>> missing(List<Integer> there) {
        int newest = there.stream().reduce(0, Math::max);
        if (newest > scripts.lastKey()) {
            throw new SchemaVersionException(newest, scripts.lastKey());
        }
        return scripts.entrySet().stream()
                .filter(script -> !there.contains(script.getKey()))
                .toList();
    }

    private Mono<List<Integer>> there(Connection connection) {
        return Rows.of(
                        connection.createStatement(tables.in(THERE)),
                        row -> Objects.requireNonNull(row.get(0, Integer.class)))
                .collectList();
    }

    private static Mono<Void> run(Statement statement) {
        return Flux.from(statement.execute())
                .flatMap(result -> result.getRowsUpdated())
                .then();
    }

    private String read(String file) {
        String name = database.folder() + "/" + file;
        try (InputStream script = Migration.class.getResourceAsStream(name)) {
            return tables.in(new String(Objects.requireNonNull(script, name).readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
