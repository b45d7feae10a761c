package io.reactivestore.r2dbc;

import io.r2dbc.spi.Statement;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What leaves traces with a batch, each id once, since one statement must meet no row twice. Only who creates a trace describes it,
 * and a position that is taken undoes the whole statement, so a tag meets none that is there.
 */
final class PostgresOutgoing {

    /** Common table expressions in front of those of a batch, with the parameters 3 to 5 and 7 to 9; tags take the time of their head. */
    static final String SQL =
            """
            letters AS (\
            INSERT INTO ${schema}${prefix}dead_letter AS there (${letter}) \
            SELECT ${letter} FROM unnest($3::${schema}${prefix}dead_letter_v1[]) \
            ON CONFLICT (id) DO UPDATE SET workflow = EXCLUDED.workflow, version = EXCLUDED.version, \
            cause = EXCLUDED.cause, failure_type = EXCLUDED.failure_type, failure_message = EXCLUDED.failure_message, \
            failure_detail = EXCLUDED.failure_detail, created_at = EXCLUDED.created_at, state = EXCLUDED.state, \
            state_at = EXCLUDED.state_at, note = EXCLUDED.note, replay = EXCLUDED.replay, \
            replay_until = EXCLUDED.replay_until, revision = there.revision + 1), \
            deliveries AS (\
            INSERT INTO ${schema}${prefix}delivery (${delivery}) \
            SELECT ${delivery} FROM unnest($4::${schema}${prefix}delivery_v1[]) ON CONFLICT (id) DO NOTHING), \
            settled AS (\
            UPDATE ${schema}${prefix}dead_letter AS there SET state = s.state, state_at = s.state_at, \
            note = s.note, revision = there.revision + 1 \
            FROM unnest($5::${schema}${prefix}dead_letter_v1[]) AS s WHERE there.id = s.id AND there.state = 1), \
            tags AS (\
            INSERT INTO ${schema}${prefix}tag (trace_id, name, tag_value, created_at) \
            SELECT n.trace_id, n.name, n.tag_value, h.created_at \
            FROM unnest($7::text[], $8::text[], $9::text[]) AS n (trace_id, name, tag_value) \
            JOIN unnest($2::${schema}${prefix}trace_v1[]) AS h ON h.trace_id = n.trace_id), \
            """.replace("${letter}", DeadLetterRow.COLUMNS).replace("${delivery}", DeliveryRow.COLUMNS);

    private static final int ROW_BYTES = 512;

    /** What the database calls the rows. */
    record Types(RowArray.Type letter, RowArray.Type delivery) {}

    private final Map<String, DeadLetter> letters = new LinkedHashMap<>();
    private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    private final List<DeadLetter> settled = new ArrayList<>(0);
    private final List<String> described = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private int bytes = ROW_BYTES;

    void add(List<Outgoing> outgoing) {
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToDeadLetters sent) {
                letters.put(sent.letter().id(), sent.letter());
            } else if (each instanceof Outgoing.Settled over) {
                settled.add(resolved(over));
            } else if (each instanceof Outgoing.ToWebhook sent) {
                deliveries.putIfAbsent(sent.delivery().id(), sent.delivery());
                bytes += ROW_BYTES + sent.delivery().body().size();
            } else if (each instanceof Outgoing.ToCatalog first) {
                first.tags().values().forEach((name, value) -> {
                    described.add(first.traceId());
                    names.add(name);
                    values.add(value);
                });
            }
        }
    }

    /** A row of which id, state, time and note count. */
    private static DeadLetter resolved(Outgoing.Settled over) {
        String id = over.traceId();
        return DeadLetter.pending(id, id, "any", "any", DeadLetterCause.RECOVERY, over.at())
                .moved(DeadLetterState.RESOLVED, over.at(), over.reason());
    }

    void bind(Statement statement, Types types) {
        statement
                .bind(2, rows(types, List.copyOf(letters.values())))
                .bind(4, rows(types, settled))
                .bind(3, new RowArray<>(types.delivery, List.copyOf(deliveries.values()), bytes, DeliveryRow::encode))
                .bind(6, described.toArray(String[]::new))
                .bind(7, names.toArray(String[]::new))
                .bind(8, values.toArray(String[]::new));
    }

    private static RowArray<DeadLetter> rows(Types types, List<DeadLetter> letters) {
        return new RowArray<>(types.letter, letters, ROW_BYTES * (letters.size() + 1), DeadLetterRow::encode);
    }
}
