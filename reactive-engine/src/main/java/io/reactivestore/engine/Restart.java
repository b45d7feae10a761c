package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Makes a new trace that does again what another one failed in, once. */
final class Restart {

    /** How a trace that was just created begins to run. */
    interface Begin {
        Mono<Void> of(String traceId, Mono<Long> created);
    }

    private final EngineConfig config;
    private final Opener opener;
    private final Begin begin;

    Restart(EngineConfig config, Opener opener, Begin begin) {
        this.config = config;
        this.opener = opener;
        this.begin = begin;
    }

    /** Also an engine that does not know the workflow finds what an earlier try has created. */
    Mono<Void> of(String source, String replay, boolean fromStart) {
        return isForkOf(source, replay).flatMap(isThere -> isThere ? Mono.empty() : create(source, replay, fromStart));
    }

    private Mono<Boolean> isForkOf(String source, String replay) {
        return config.journal()
                .read(replay, 0)
                .filter(entry -> !(entry.event() instanceof JournalEvent.StepRecorded))
                .next()
                .map(entry -> entry.event() instanceof JournalEvent.Custom custom
                        && custom.type().equals(Journal.FORKED)
                        && source.equals(origin(custom.payload())))
                .defaultIfEmpty(false);
    }

    private static @Nullable String origin(@Nullable Payload payload) {
        return payload != null && JsonCodec.INSTANCE.decode(payload, Origin.class) instanceof Origin origin
                ? origin.source()
                : null;
    }

    record Origin(String source, long step) {}

    private Mono<Void> create(String source, String replay, boolean fromStart) {
        return config.traces()
                .load(source)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(source)))
                .flatMap(trace -> {
                    // to be refused before anything is written
                    opener.registered(trace);
                    boolean keepsNothing = fromStart || wasTakenBack(trace);
                    Mono<Long> created = config.journal()
                            .restart(
                                    source,
                                    keepsNothing ? 0 : lastStep(trace),
                                    replay,
                                    keepsNothing ? Set.of() : failedNodes(trace));
                    return begin.of(replay, created);
                })
                .onErrorResume(
                        PositionConflictException.class,
                        taken -> isForkOf(source, replay)
                                .flatMap(isThere -> isThere ? Mono.empty() : Mono.error(taken)));
    }

    private static boolean wasTakenBack(PersistedTrace trace) {
        return trace.envelopes().stream().anyMatch(envelope -> envelope.nodeId().equals(Unwinding.NODE));
    }

    private static long lastStep(PersistedTrace trace) {
        return trace.envelopes().stream()
                .mapToLong(PersistenceEnvelope::step)
                .max()
                .orElse(0);
    }

    private static Set<String> failedNodes(PersistedTrace trace) {
        Set<String> failed = new HashSet<>();
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            if (envelope.outcome() == Outcome.FAULT && History.isResult(envelope)) {
                failed.add(envelope.nodeId());
            } else if (envelope.outcome() != Outcome.STARTED) {
                failed.remove(envelope.nodeId());
            }
        }
        return failed;
    }
}
