package io.reactivestore.r2dbc;

import static io.reactivestore.r2dbc.H2BatchWriter.bind;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.spi.DeadLetterBackend;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Dead letters in a table of their own. The same SQL for all databases; new letters come with a batch. */
final class SqlDeadLetters implements DeadLetterBackend {

    private static final String SELECT = "SELECT " + DeadLetterRow.COLUMNS + " FROM ${schema}${prefix}dead_letter";

    private static final String FIND = SELECT + " WHERE id = $1";

    private static final String NEWEST_FIRST = " ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2";

    /** The condition in two parts, as an index can begin with the first. */
    private static final String BEHIND = " created_at <= $3 AND (created_at < $3 OR id < $4)";

    private static final String ALL = SELECT + NEWEST_FIRST;
    private static final String ALL_BEHIND = SELECT + " WHERE" + BEHIND + NEWEST_FIRST;
    private static final String IN_STATE = SELECT + " WHERE state = $3" + NEWEST_FIRST;
    private static final String IN_STATE_BEHIND = SELECT + " WHERE state = $5 AND" + BEHIND + NEWEST_FIRST;

    private static final String COUNTS = "SELECT state, COUNT(*) FROM ${schema}${prefix}dead_letter GROUP BY state";

    private static final String REPLACE = """
            UPDATE ${schema}${prefix}dead_letter SET state = $1, state_at = $2, note = $3, replay = $4, replay_until = $5, \
            revision = $6 WHERE id = $7 AND revision = $8""";

    private static final String REVISION =
            "SELECT revision FROM ${schema}${prefix}dead_letter WHERE id = $1 FOR UPDATE";

    private static final String DELETE = "DELETE FROM ${schema}${prefix}dead_letter WHERE id = $1";

    private static final String INSERT = "INSERT INTO ${schema}${prefix}dead_letter (" + DeadLetterRow.COLUMNS
            + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    private final Connections connections;
    private final BatchWriter writer;
    private final Tables tables;

    SqlDeadLetters(Connections connections, BatchWriter writer, Tables tables) {
        this.connections = connections;
        this.writer = writer;
        this.tables = tables;
    }

    @Override
    public Mono<DeadLetter> find(String id) {
        return connections.use(
                "find a dead letter",
                connection -> Rows.of(statement(connection, FIND).bind(0, id), DeadLetterRow::read)
                        .next());
    }

    @Override
    public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
        return connections.use(
                "list dead letters",
                connection ->
                        Rows.of(listing(connection, query), DeadLetterRow::read).collectList());
    }

    private Statement listing(Connection connection, DeadLetterQuery query) {
        DeadLetter after = query.after();
        DeadLetterState state = query.state();
        String sql = after == null ? (state == null ? ALL : IN_STATE) : (state == null ? ALL_BEHIND : IN_STATE_BEHIND);
        Statement statement = statement(connection, sql).bind(0, query.limit()).bind(1, query.offset());
        if (after != null) {
            statement.bind(2, after.createdAt().atOffset(ZoneOffset.UTC)).bind(3, after.id());
        }
        if (state != null) {
            statement.bind(after == null ? 2 : 4, DeadLetterRow.code(state));
        }
        return statement;
    }

    @Override
    public Mono<Map<DeadLetterState, Long>> counts() {
        return connections.use(
                "count dead letters",
                connection -> Rows.of(
                                statement(connection, COUNTS),
                                row -> Map.entry(DeadLetterRow.state(row.get(0, Short.class)), Rows.number(row, 1)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Mono<Boolean> replace(DeadLetter next) {
        return connections.write("move a dead letter", connection -> {
            Statement statement = statement(connection, REPLACE)
                    .bind(0, DeadLetterRow.code(next.state()))
                    .bind(1, next.stateAt().atOffset(ZoneOffset.UTC))
                    .bind(5, next.revision())
                    .bind(6, next.id())
                    .bind(7, next.revision() - 1);
            bind(statement, 2, next.note(), String.class);
            bind(statement, 3, next.replay(), String.class);
            bind(statement, 4, next.replayUntil());
            return Rows.changed(statement)
                    .flatMap(rows -> writer.sync(connection).thenReturn(Objects.equals(rows, 1L)));
        });
    }

    /** Writes a letter in the transaction of the connection, over the one of the same id; null writes nothing. */
    Mono<Void> put(Connection connection, @Nullable DeadLetter letter) {
        if (letter == null) {
            return Mono.empty();
        }
        return Rows.of(statement(connection, REVISION).bind(0, letter.id()), row -> Rows.number(row, 0))
                .next()
                .defaultIfEmpty(0L)
                .flatMap(there -> Rows.changed(statement(connection, DELETE).bind(0, letter.id()))
                        .thenReturn(letter.withRevision(there + 1)))
                .flatMap(next -> Rows.changed(DeadLetterRow.bindAll(statement(connection, INSERT), next)))
                .then();
    }

    private Statement statement(Connection connection, String sql) {
        return connection.createStatement(tables.in(sql));
    }
}
