package io.reactivestore.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.SnapshotBackend.Kept;
import java.io.IOException;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * The facet SNAPSHOTS, and the folds the store keeps by it. Each snapshot is anchored in the entry at its position: if another
 * trace has the id by now, that entry is another one.
 */
final class FoldSnapshots implements Snapshots {

    /** Larger folds are read entry by entry, which takes no more memory than a page. */
    private static final int MAX_BYTES = 64 << 20;

    private final JournalBackend backend;
    private final SnapshotBackend kept;
    private final Journals journals;
    private final StoreConfig config;
    private final Gate gate;

    FoldSnapshots(JournalBackend backend, SnapshotBackend kept, Journals journals, StoreConfig config, Gate gate) {
        this.backend = backend;
        this.kept = kept;
        this.journals = journals;
        this.config = config;
        this.gate = gate;
    }

    @Override
    public Mono<Boolean> save(String traceId, long position, String version, Payload content) {
        Check.traceId(traceId);
        Check.atLeast("position", position, 1);
        Check.name("version", version, Check.VERSION_CHARS);
        PayloadLimit.check(Check.present("content", content), config);
        return gate.guard(
                traceId,
                anchor(traceId, position)
                        .switchIfEmpty(missing(traceId, position))
                        .flatMap(anchor -> save(new Kept(traceId, version, position, anchor, content))));
    }

    /** What is in the way may be the same, written by an earlier try, or count as none. */
    private Mono<Boolean> save(Kept next) {
        Mono<Boolean> saved = Mono.defer(() -> kept.save(next)).retryWhen(Journals.whileTransient(config));
        return saved.filter(isSaved -> isSaved)
                .switchIfEmpty(find(next.traceId(), next.version()).map(next::equals))
                .switchIfEmpty(saved);
    }

    private Mono<Sha256> missing(String traceId, long position) {
        return Mono.defer(() -> backend.read(traceId, 0, 1))
                .flatMap(first -> Mono.error(
                        first.isEmpty()
                                ? new TraceNotFoundException(traceId)
                                : new PositionConflictException(traceId, position, position - 1)));
    }

    @Override
    public Mono<Snapshot> latest(String traceId, String version) {
        Check.traceId(traceId);
        Check.name("version", version, Check.VERSION_CHARS);
        return gate.guard(traceId, find(traceId, version))
                .map(found -> new Snapshot(traceId, found.position(), version, found.content()));
    }

    /** Finds a snapshot that is intact, and of this trace. Any other is removed: it would be in the way. */
    private Mono<Kept> find(String traceId, String version) {
        return Mono.defer(() -> kept.find(traceId, version))
                .flatMap(found -> anchor(traceId, found.position())
                        .filter(anchor ->
                                anchor.equals(found.anchor()) && found.content().isIntact())
                        .map(anchor -> found)
                        .switchIfEmpty(Mono.defer(() -> kept.remove(found)).then(Mono.empty())));
    }

    private Mono<Sha256> anchor(String traceId, long position) {
        return Mono.defer(() -> backend.read(traceId, position - 1, 1))
                .flatMapIterable(page -> page)
                .next()
                .map(FoldSnapshots::anchor);
    }

    /** A writer gives an entry once: with its time and its position that is nobody else's. */
    private static Sha256 anchor(JournalEntry entry) {
        Payload payload = entry.event().payload();
        String text =
                entry.position() + " " + entry.writer() + " " + entry.event().at() + " "
                        + entry.event().getClass().getSimpleName() + " " + (payload == null ? "" : payload.hash());
        return Sha256.of(text.getBytes(UTF_8));
    }

    @Override
    public Mono<Boolean> take(String traceId, int entries) {
        Check.traceId(traceId);
        Check.atLeast("entries", entries, 1);
        return gate.guard(
                traceId,
                journals.load(traceId)
                        .filter(fold -> fold.isWorthKeeping(entries))
                        .publishOn(config.scheduler())
                        .flatMap(this::keep)
                        .defaultIfEmpty(false));
    }

    /** Anchored in the entry that was read last: by now, another trace may have the id. */
    private Mono<Boolean> keep(TraceFold fold) {
        Sha256 anchor = anchor(Objects.requireNonNull(fold.last()));
        return Mono.justOrEmpty(FoldFormat.write(fold.state(), MAX_BYTES))
                .map(bytes -> Payload.owning(bytes, FoldFormat.MEDIA_TYPE))
                .flatMap(content ->
                        save(new Kept(fold.traceId(), FoldFormat.VERSION, fold.position(), anchor, content)));
    }

    /** The fold that is kept of a trace that begins so; empty if there is none that can be read. */
    Mono<TraceFold> fold(TraceFold beginning) {
        String traceId = beginning.traceId();
        return find(traceId, FoldFormat.VERSION).flatMap(found -> {
            try {
                FoldState state = FoldFormat.read(traceId, found.content().toByteArray(), MAX_BYTES);
                return state.position() == found.position() ? Mono.just(TraceFold.of(beginning, state)) : Mono.empty();
            } catch (IOException unreadable) {
                return Mono.empty();
            }
        });
    }
}
