package io.reactivestore.engine;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Journals as text for people. What is read equals what was written, bit for bit. */
final class RecordedJson {

    private static final int FORMAT = 1;
    private static final String TAGS = "tags";

    /** As deep as Jackson goes unless it is told otherwise: what is deeper is written as bytes. */
    private static final ObjectMapper PAYLOADS = mapper(new JsonFactoryBuilder());

    /** Deeper by what is around a payload, and with room for a large one in Base64. */
    private static final ObjectMapper MAPPER = mapper(new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2 * StreamReadConstraints.DEFAULT_MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(2 * StreamWriteConstraints.DEFAULT_MAX_DEPTH)
                    .build()));

    private RecordedJson() {}

    private static ObjectMapper mapper(JsonFactoryBuilder factory) {
        return JsonMapper.builder(factory.build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                .build();
    }

    static String write(RecordedJournal journal) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT).put("traceId", journal.traceId());
        put(root, journal.tags());
        var entries = root.putArray("entries");
        journal.entries().forEach(entry -> write(entries.addObject(), entry));
        return text(root, MAPPER.writerWithDefaultPrettyPrinter());
    }

    private static String text(JsonNode tree, ObjectWriter writer) {
        try {
            return writer.writeValueAsString(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree can be written", impossible);
        }
    }

    /** A line for each entry, and one that seals those before it. */
    static List<String> lines(RecordedJournal journal) {
        List<String> lines = new ArrayList<>(journal.entries().size() + 1);
        for (JournalEntry entry : journal.entries()) {
            ObjectNode node = MAPPER.createObjectNode();
            node.put("format", FORMAT).put("traceId", journal.traceId());
            if (lines.isEmpty()) {
                put(node, journal.tags());
            }
            write(node, entry);
            lines.add(text(node, MAPPER.writer()));
        }
        lines.add(seal(lines));
        return lines;
    }

    private static String seal(List<String> lines) {
        byte[] all = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return MAPPER.createObjectNode()
                .put("entries", lines.size())
                .put("sha256", Sha256.of(all).toString())
                .toString();
    }

    static RecordedJournal parse(List<String> lines) {
        int entries = lines.size() - 1;
        if (entries < 1 || !lines.get(entries).equals(seal(lines.subList(0, entries)))) {
            throw new IllegalArgumentException(
                    "the last line does not fit those before it: something was lost or changed on the way");
        }
        ObjectNode root = MAPPER.createObjectNode();
        var all = root.putArray("entries");
        lines.subList(0, entries).forEach(line -> all.add(tree(line)));
        JsonNode first = all.get(0);
        root.put("format", FORMAT).put("traceId", first.path("traceId").asText());
        return journal(root, tags(first.path(TAGS)));
    }

    private static void write(ObjectNode node, JournalEntry entry) {
        node.put("position", entry.position()).put("writer", entry.writer());
        write(node, entry.event());
    }

    private static void write(ObjectNode node, JournalEvent event) {
        if (event instanceof StepRecorded recorded) {
            PersistenceEnvelope envelope = recorded.envelope();
            node.put("event", "step").put("step", envelope.step()).put("node", envelope.nodeId());
            node.put("outcome", envelope.outcome().name()).put("attempt", envelope.attempt());
            node.put("workflow", envelope.workflow()).put("version", envelope.version());
            put(node, "idempotencyKey", envelope.idempotencyKey());
            put(node, envelope.failure());
        } else if (event instanceof Intervened intervened) {
            Intervention decision = intervened.intervention();
            node.put("event", "decision").put("id", decision.id()).put("node", decision.targetNode());
            node.put("action", decision.action().name());
            put(node, "reason", decision.reason());
            put(node, "operator", decision.operator());
        } else if (event instanceof Resumed resumed) {
            node.put("event", "resumed").put("fromStep", resumed.fromStep());
        } else if (event instanceof Claimed claimed) {
            node.put("event", "claimed").put("owner", claimed.owner());
        } else if (event instanceof Suspended suspended) {
            node.put("event", "suspended");
            put(node, "wakeAt", suspended.wakeAt());
        } else if (event instanceof Completed completed) {
            node.put("event", "completed")
                    .put("state", completed.completion().state().name());
            put(node, completed.completion().failure());
        } else if (event instanceof Custom custom) {
            node.put("event", "custom").put("type", custom.type());
        }
        node.put("at", event.at().toString());
        put(node, event.payload());
    }

    private static void put(ObjectNode node, TraceTags tags) {
        if (!tags.values().isEmpty()) {
            ObjectNode inner = node.putObject(TAGS);
            tags.values().forEach(inner::put);
        }
    }

    private static TraceTags tags(JsonNode node) {
        Map<String, String> values = new HashMap<>();
        node.properties().forEach(tag -> values.put(tag.getKey(), tag.getValue().asText()));
        return new TraceTags(values);
    }

    private static void put(ObjectNode node, String name, @Nullable Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    private static void put(ObjectNode node, @Nullable Failure failure) {
        if (failure != null) {
            ObjectNode inner = node.putObject("failure").put("type", failure.type());
            put(inner, "message", failure.message());
            put(inner, "detail", failure.detail());
        }
    }

    private static void put(ObjectNode node, @Nullable Payload payload) {
        if (payload == null) {
            return;
        }
        byte[] bytes = payload.toByteArray();
        try {
            JsonNode tree = payload.mediaType().equals(Payload.JSON) ? PAYLOADS.readTree(bytes) : null;
            if (tree != null && Arrays.equals(MAPPER.writeValueAsBytes(tree), bytes)) {
                node.set("payload", tree);
                return;
            }
        } catch (IOException notJson) {
            // written as what it is: bytes
        }
        node.put("mediaType", payload.mediaType())
                .put("bytes", Base64.getEncoder().encodeToString(bytes));
    }

    static RecordedJournal parse(String json) {
        JsonNode root = tree(json);
        return journal(root, tags(root.path(TAGS)));
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("a recorded journal is JSON, this is not");
        }
    }

    private static RecordedJournal journal(JsonNode root, TraceTags tags) {
        if (root.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("a recorded journal of format " + FORMAT + " is expected, found "
                    + root.path("format").asInt());
        }
        String traceId = root.path("traceId").asText();
        List<JournalEntry> entries = new ArrayList<>();
        for (JsonNode node : root.path("entries")) {
            entries.add(new JournalEntry(
                    traceId, node.path("position").asLong(), node.path("writer").asLong(), event(traceId, node)));
        }
        return new RecordedJournal(traceId, entries, tags);
    }

    private static JournalEvent event(String traceId, JsonNode node) {
        try {
            Instant at = Instant.parse(node.path("at").asText());
            String event = node.path("event").asText();
            return switch (event) {
                case "step" -> new StepRecorded(envelope(traceId, node, at));
                case "decision" -> new Intervened(decision(node, at));
                case "resumed" -> new Resumed(node.path("fromStep").asLong(), at);
                case "claimed" -> new Claimed(node.path("owner").asText(), at);
                case "suspended" -> suspended(node, at);
                case "completed" ->
                    new Completed(new Completion(
                            CompletionState.valueOf(node.path("state").asText()), at, payload(node), failure(node)));
                case "custom" -> new Custom(node.path("type").asText(), payload(node), at);
                default -> throw new IllegalArgumentException("unknown event");
            };
        } catch (RuntimeException misfit) {
            throw new IllegalArgumentException(
                    "entry " + node.path("position").asLong() + " of a recorded journal cannot be read ("
                            + misfit.getClass().getSimpleName() + ")");
        }
    }

    private static PersistenceEnvelope envelope(String traceId, JsonNode node, Instant at) {
        return new PersistenceEnvelope(
                traceId,
                node.path("workflow").asText(),
                node.path("version").asText(),
                node.path("step").asLong(),
                node.path("node").asText(),
                node.path("attempt").asInt(),
                Outcome.valueOf(node.path("outcome").asText()),
                at,
                payload(node),
                text(node, "idempotencyKey"),
                failure(node));
    }

    private static Intervention decision(JsonNode node, Instant at) {
        return new Intervention(
                node.path("id").asText(),
                node.path("node").asText(),
                InterventionAction.valueOf(node.path("action").asText()),
                payload(node),
                text(node, "reason"),
                text(node, "operator"),
                at);
    }

    private static Suspended suspended(JsonNode node, Instant at) {
        String wakeAt = text(node, "wakeAt");
        return new Suspended(wakeAt == null ? null : Instant.parse(wakeAt), at);
    }

    private static @Nullable Failure failure(JsonNode node) {
        JsonNode failure = node.path("failure");
        return failure.isMissingNode()
                ? null
                : new Failure(failure.path("type").asText(), text(failure, "message"), text(failure, "detail"));
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.path(name).asText() : null;
    }

    private static @Nullable Payload payload(JsonNode node) {
        if (node.has("payload")) {
            try {
                return Payload.owning(MAPPER.writeValueAsBytes(node.get("payload")), Payload.JSON);
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("a tree can be written", impossible);
            }
        }
        String bytes = text(node, "bytes");
        return bytes == null
                ? null
                : Payload.owning(
                        Base64.getDecoder().decode(bytes),
                        node.path("mediaType").asText());
    }
}
