package io.reactivestore.benchmarks.append;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the database takes at the most: full batches of ready rows into the journal table, no rules, no hash, no heads, over two
 * connections, each with one batch under way.
 */
final class DatabaseLimit implements Contender {

    static final String[] TABLE = {
        "DROP TABLE IF EXISTS bench_limit", "CREATE TABLE bench_limit (LIKE bench_journal INCLUDING ALL)"
    };

    /** The three ways to write many rows at once. */
    enum Way {
        COPY,
        UNNEST,
        VALUES
    }

    private static final int CONNECTIONS = 2;
    private static final long EPOCH_SECONDS = 946_684_800L;
    private static final String COLUMNS =
            "trace_id, position, writer, step, at, attempt, kind, outcome, workflow, version,"
                    + " node_id, media_type, payload_hash, payload";
    private static final String COPY = "COPY bench_limit (" + COLUMNS + ") FROM STDIN (FORMAT binary)";
    private static final String UNNEST =
            "INSERT INTO bench_limit (" + COLUMNS + ") SELECT trace_id, position, writer, step,"
                    + " at, 1, 1, 2, workflow, version, node_id, media_type, decode(payload_hash, 'hex'), decode(payload, 'hex')"
                    + " FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int8[], $5::timestamptz[], $6::text[], $7::text[],"
                    + " $8::text[], $9::text[], $10::text[], $11::text[]) AS rows (trace_id, position, writer, step, at, workflow,"
                    + " version, node_id, media_type, payload_hash, payload)";
    private static final byte[] HASH = new byte[32];

    private final Way way;
    private final int rows;
    private final List<PostgresqlConnection> connections = new ArrayList<>();
    private final String values;

    DatabaseLimit(BenchmarkDatabase database, Way way, int rows) {
        this.way = way;
        this.rows = rows;
        this.values = values(rows);
        ConnectionFactory factory = ConnectionFactories.get(database.r2dbcUrl());
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add((PostgresqlConnection) Mono.from(factory.create()).block());
        }
    }

    @Override
    public void append(int callers, Load load) {
        Flux.fromIterable(connections)
                .flatMap(connection -> {
                    List<Work> work = new ArrayList<>();
                    for (int i = 0; i < rows; i++) {
                        work.add(new Work());
                    }
                    return Mono.defer(() -> {
                                long start = System.nanoTime();
                                List<Work.Entry> batch = new ArrayList<>(rows);
                                work.forEach(caller -> batch.add(caller.next()));
                                return write(connection, batch)
                                        .then(Mono.fromRunnable(() -> load.acknowledged(rows, start)));
                            })
                            .repeat(load::isRunning);
                })
                .blockLast();
    }

    private Mono<Long> write(PostgresqlConnection connection, List<Work.Entry> batch) {
        return switch (way) {
            case COPY ->
                connection
                        .copyIn(COPY)
                        .from(Mono.fromSupplier(() -> binary(batch)))
                        .build();
            case UNNEST -> run(unnest(connection.createStatement(UNNEST), batch));
            case VALUES -> run(values(connection.createStatement(values), batch));
        };
    }

    private static Mono<Long> run(Statement statement) {
        return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).last();
    }

    private static ByteBuf binary(List<Work.Entry> batch) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(batch.size() * 640 + 64);
        out.writeBytes(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0});
        out.writeInt(0).writeInt(0);
        long micros = (Instant.now().getEpochSecond() - EPOCH_SECONDS) * 1_000_000;
        for (Work.Entry entry : batch) {
            out.writeShort(14);
            text(out, entry.traceId());
            out.writeInt(8).writeLong(entry.step());
            out.writeInt(8).writeLong(1);
            out.writeInt(8).writeLong(entry.step());
            out.writeInt(8).writeLong(micros);
            out.writeInt(4).writeInt(1);
            out.writeInt(2).writeShort(1);
            out.writeInt(2).writeShort(2);
            text(out, "order");
            text(out, "1");
            text(out, "charge-card");
            text(out, "application/json");
            out.writeInt(HASH.length).writeBytes(HASH);
            out.writeInt(entry.payload().length).writeBytes(entry.payload());
        }
        return out.writeShort(-1);
    }

    private static void text(ByteBuf out, String value) {
        out.writeInt(value.length());
        ByteBufUtil.writeAscii(out, value);
    }

    private static Statement unnest(Statement statement, List<Work.Entry> batch) {
        int n = batch.size();
        String[][] texts = new String[7][n];
        Long[][] numbers = new Long[3][n];
        Instant[] at = new Instant[n];
        Instant now = Instant.now();
        HexFormat hex = HexFormat.of();
        for (int i = 0; i < n; i++) {
            Work.Entry entry = batch.get(i);
            texts[0][i] = entry.traceId();
            numbers[0][i] = (long) entry.step();
            numbers[1][i] = 1L;
            numbers[2][i] = (long) entry.step();
            at[i] = now;
            texts[1][i] = "order";
            texts[2][i] = "1";
            texts[3][i] = "charge-card";
            texts[4][i] = "application/json";
            texts[5][i] = hex.formatHex(HASH);
            texts[6][i] = hex.formatHex(entry.payload());
        }
        statement
                .bind(0, texts[0])
                .bind(1, numbers[0])
                .bind(2, numbers[1])
                .bind(3, numbers[2])
                .bind(4, at);
        for (int i = 1; i < texts.length; i++) {
            statement.bind(4 + i, texts[i]);
        }
        return statement;
    }

    private static String values(int rows) {
        StringBuilder sql = new StringBuilder("INSERT INTO bench_limit (" + COLUMNS + ") VALUES ");
        for (int row = 0, bind = 1; row < rows; row++) {
            sql.append(row == 0 ? "(" : ", (");
            for (int column = 0; column < 14; column++) {
                sql.append(column == 0 ? "$" : ", $").append(bind++);
            }
            sql.append(')');
        }
        return sql.toString();
    }

    private static Statement values(Statement statement, List<Work.Entry> batch) {
        Instant now = Instant.now();
        int bind = 0;
        for (Work.Entry entry : batch) {
            statement.bind(bind++, entry.traceId());
            statement.bind(bind++, (long) entry.step());
            statement.bind(bind++, 1L);
            statement.bind(bind++, (long) entry.step());
            statement.bind(bind++, now);
            statement.bind(bind++, 1);
            statement.bind(bind++, (short) 1);
            statement.bind(bind++, (short) 2);
            statement.bind(bind++, "order");
            statement.bind(bind++, "1");
            statement.bind(bind++, "charge-card");
            statement.bind(bind++, "application/json");
            statement.bind(bind++, HASH);
            statement.bind(bind++, entry.payload());
        }
        return statement;
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.close().block());
    }
}
