package io.reactivestore.engine;

import io.reactivestore.Capability;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * The journal of one trace, out of its store: for a {@link Replay} against today's code, in a test or before a deployment. Its JSON
 * is made to be read and kept beside the tests; it holds the payloads, so treat it as what it is a copy of.
 *
 * <pre>{@code
 * Mono<String> file = RecordedJournal.of(store, "order-42").map(RecordedJournal::toJson);
 * }</pre>
 *
 * @param traceId the trace
 * @param entries its entries, all of them
 * @param tags what describes it for lists
 */
public record RecordedJournal(String traceId, List<JournalEntry> entries, TraceTags tags) {

    /**
     * Checks that this is a whole journal.
     *
     * @param traceId the trace
     * @param entries from position 1 on, without gaps; the first one records a step
     * @param tags what describes the trace
     * @throws IllegalArgumentException if they are not of that form
     */
    public RecordedJournal {
        entries = List.copyOf(entries);
        Objects.requireNonNull(tags, "tags");
        if (entries.isEmpty() || !(entries.get(0).event() instanceof JournalEvent.StepRecorded)) {
            throw new IllegalArgumentException("a journal begins with the record of a step");
        }
        for (int i = 0; i < entries.size(); i++) {
            JournalEntry entry = entries.get(i);
            if (entry.position() != i + 1 || !entry.traceId().equals(traceId)) {
                throw new IllegalArgumentException("entry " + (i + 1) + " has position " + entry.position()
                        + " of trace '" + entry.traceId() + "', expected position " + (i + 1) + " of '" + traceId
                        + "'");
            }
        }
    }

    /**
     * A journal of a trace that nothing describes.
     *
     * @param traceId the trace
     * @param entries as above
     */
    public RecordedJournal(String traceId, List<JournalEntry> entries) {
        this(traceId, entries, TraceTags.NONE);
    }

    /**
     * Reads a journal, and the tags of its trace if the store has a catalog. On subscription: as {@link #of(Journal, String)}.
     *
     * @param store where to read; it has the facet JOURNAL
     * @param traceId the trace
     * @return a Mono that emits the journal, or signals {@link TraceNotFoundException} or what {@link Journal#read} signals
     */
    public static Mono<RecordedJournal> of(ReactiveStore store, String traceId) {
        Mono<TraceTags> tags = store.find(Capability.CATALOG)
                .map(catalog -> catalog.tags(traceId))
                .orElse(Mono.empty());
        return of(store.require(Capability.JOURNAL), traceId)
                .flatMap(journal -> tags.defaultIfEmpty(TraceTags.NONE)
                        .map(found -> new RecordedJournal(traceId, journal.entries(), found)));
    }

    /**
     * Reads a journal, without the tags of its trace. On subscription: the entries up to the end it then has, with payloads as they
     * stand there; of an engine with transforms or facts, {@link DurableEngine#recorded} gives what a replay can read.
     *
     * @param journal where to read
     * @param traceId the trace
     * @return a Mono that emits the journal, or signals {@link TraceNotFoundException} or what {@link Journal#read} signals
     */
    public static Mono<RecordedJournal> of(Journal journal, String traceId) {
        return journal.read(traceId, 0)
                .collectList()
                .filter(entries -> !entries.isEmpty())
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .map(entries -> new RecordedJournal(traceId, entries));
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json the text
     * @return the journal
     * @throws IllegalArgumentException if it is not of that form; the message holds no content
     */
    public static RecordedJournal parse(String json) {
        return RecordedJson.parse(json);
    }

    /**
     * Writes the journal as JSON, an object for each entry. Payloads that are JSON are written as such, all others as Base64.
     *
     * @return the text
     */
    public String toJson() {
        return RecordedJson.write(this);
    }

    /**
     * Writes the journal as lines of JSON, one for each entry and a last one with a hash of those before it: to take the trace to
     * another store, with {@link Journal#restore(String, List, TraceTags)}. The tags are on the first line. Facts are not part of
     * it: they are put there first.
     *
     * @return the lines, without line ends
     */
    public List<String> toJsonLines() {
        return RecordedJson.lines(this);
    }

    /**
     * Reads what {@link #toJsonLines} wrote.
     *
     * @param lines the lines, all of them
     * @return the journal, bit for bit
     * @throws IllegalArgumentException if one is missing or changed, or is not of that form; the message holds no content
     */
    public static RecordedJournal parseLines(List<String> lines) {
        return RecordedJson.parse(lines);
    }

    /** The trace as the entries fold. */
    Mono<PersistedTrace> fold() {
        return Mono.defer(() -> {
            PersistenceEnvelope first =
                    ((JournalEvent.StepRecorded) entries.get(0).event()).envelope();
            TraceHead head = new TraceHead(
                    traceId, first.workflow(), first.version(), TraceStatus.RUNNING, first.at(), first.at());
            InMemoryBackend backend = new InMemoryBackend();
            return backend.append(List.of(new TraceAppend(traceId, entries, head)))
                    .then(JournaledStore.over(backend, StoreConfig.defaults())
                            .traces()
                            .load(traceId));
        });
    }

    /** The trace and how many entries it has; no content. */
    @Override
    public String toString() {
        return "RecordedJournal[" + traceId + ", " + entries.size() + " entries]";
    }
}
