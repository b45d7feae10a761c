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
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * The facet SNAPSHOTS, and the folds the store keeps by it. Each snapshot is anchored in the entry at its position: if another
 * trace has the id by now, that entry is another one.
 */
final class FoldSnapshots implements Snapshots {

    /** Larger folds are read entry by entry. */
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
        return gate.guard(traceId, save(traceId, position, version, content, anchor(traceId, position)));
    }

    private Mono<Boolean> save(
            String traceId, long position, String version, Payload content, Mono<Optional<Sha256>> anchor) {
        return anchor.flatMap(found -> found.map(Mono::just).orElseGet(() -> missing(traceId, position)))
                .flatMap(found -> kept.save(new Kept(traceId, version, position, found, content))
                        .retryWhen(Journals.whileTransient(config)));
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

    /** Finds a snapshot that is intact, and of this trace. One that is of another is removed: it would be in the way. */
    private Mono<Kept> find(String traceId, String version) {
        return Mono.defer(() -> kept.find(traceId, version))
                .filter(found -> found.content().isIntact())
                .flatMap(found -> anchor(traceId, found.position())
                        .flatMap(anchor -> anchor.isPresent() && anchor.get().equals(found.anchor())
                                ? Mono.just(found)
                                : kept.remove(traceId).then(Mono.empty())));
    }

    private Mono<Optional<Sha256>> anchor(String traceId, long position) {
        return Mono.defer(() -> backend.read(traceId, position - 1, 1))
                .map(page -> page.stream().findFirst().map(FoldSnapshots::anchor));
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

    private Mono<Boolean> keep(TraceFold fold) {
        byte[] bytes = FoldFormat.write(fold.state());
        if (bytes.length > MAX_BYTES) {
            return Mono.just(false);
        }
        Payload content = Payload.owning(bytes, FoldFormat.MEDIA_TYPE);
        String traceId = fold.traceId();
        return save(traceId, fold.position(), FoldFormat.VERSION, content, anchor(traceId, fold.position()));
    }

    /** The fold that is kept of a trace; empty if there is none that can be read. */
    Mono<TraceFold> fold(String traceId) {
        return find(traceId, FoldFormat.VERSION).flatMap(found -> {
            try {
                FoldState state = FoldFormat.read(traceId, found.content().toByteArray());
                return state.position() == found.position() ? Mono.just(TraceFold.of(traceId, state)) : Mono.empty();
            } catch (IOException unreadable) {
                return Mono.empty();
            }
        });
    }
}
