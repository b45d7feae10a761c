package io.reactivestore.engine;

import io.reactivestore.Capability;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.error.DeadLetterNotFoundException;
import io.reactivestore.error.DeadLetterStateException;
import io.reactivestore.error.DeliveryStateException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.webhooks.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Starts anew what a dead letter tells of. The id of the new trace follows from the letter, so that whoever goes on with a replay
 * that somebody left in the middle cannot start a second one.
 */
final class DeadLetterReplay {

    private static final int ID_CHARS = 255;
    private static final String FROM_FAILURE = "/replay";
    private static final String FROM_START = "/restart";

    /** How a trace that was put aside is taken up again. */
    interface TakeUp {
        Mono<Void> again(String traceId);
    }

    /** How a trace that was just created begins to run. */
    interface Begin {
        Mono<Void> of(String traceId, Mono<Long> created);
    }

    private final EngineConfig config;
    private final Opener opener;
    private final TakeUp takeUp;
    private final Begin begin;

    DeadLetterReplay(EngineConfig config, Opener opener, TakeUp takeUp, Begin begin) {
        this.config = config;
        this.opener = opener;
        this.takeUp = takeUp;
        this.begin = begin;
    }

    /** Emits the id of the trace that takes the letter's place. */
    Mono<String> replay(String id, ReplayFrom from) {
        return letters()
                .flatMap(letters -> letters.find(id)
                        .switchIfEmpty(Mono.error(() -> new DeadLetterNotFoundException(id)))
                        .flatMap(letter -> {
                            Instant now = config.now();
                            return letters.beginReplay(id, idOf(letter, from), now, now.plus(config.heartbeat()));
                        })
                        .flatMap(letter -> start(letters, letter)));
    }

    private Mono<DeadLetters> letters() {
        DeadLetters letters = config.deadLetters();
        return letters == null
                ? Mono.error(() -> new CapabilityMissingException(Capability.DEAD_LETTERS.name(), List.of()))
                : Mono.just(letters);
    }

    private static String idOf(DeadLetter letter, ReplayFrom from) {
        if (letter.cause() == DeadLetterCause.RECOVERY || letter.cause() == DeadLetterCause.DELIVERY) {
            return letter.traceId(); // there is nothing to put in its place
        }
        String suffix = from == ReplayFrom.START ? FROM_START : FROM_FAILURE;
        String id = letter.traceId() + suffix;
        return id.length() <= ID_CHARS ? id : Sha256.of(letter.traceId().getBytes(StandardCharsets.UTF_8)) + suffix;
    }

    private Mono<String> start(DeadLetters letters, DeadLetter letter) {
        String replay = letter.replay() == null ? letter.traceId() : letter.replay();
        return begin(letter, replay)
                .onErrorResume(error -> giveUp(letters, letter, error))
                .then(Mono.defer(() -> letters.endReplay(letter, config.now())))
                // the new trace is durable: whoever has moved the letter on meanwhile knows it as well
                .onErrorComplete(DeadLetterStateException.class)
                .thenReturn(replay);
    }

    private Mono<Void> begin(DeadLetter letter, String replay) {
        return switch (letter.cause()) {
            case RECOVERY -> takeUp.again(letter.traceId());
            case DELIVERY -> redeliver(letter.id());
            case FAULT, TIMED_OUT -> fork(letter.traceId(), replay);
        };
    }

    private Mono<Void> redeliver(String id) {
        Webhooks webhooks = config.webhooks();
        return webhooks == null
                ? Mono.error(() -> new CapabilityMissingException(Capability.WEBHOOKS.name(), List.of()))
                : webhooks.redeliver(id, config.now())
                        // an earlier try has made it due
                        .onErrorComplete(DeliveryStateException.class)
                        .then();
    }

    /** Of trouble that may be over soon nobody knows what it left behind: the replay is then finished when its time is over. */
    private Mono<Void> giveUp(DeadLetters letters, DeadLetter letter, Throwable error) {
        if (error instanceof StoreException trouble && trouble.isTransient()) {
            return Mono.error(error);
        }
        return letters.giveUpReplay(letter, String.valueOf(error), config.now())
                .onErrorComplete()
                .then(Mono.error(error));
    }

    private Mono<Void> fork(String source, String replay) {
        return config.traces()
                .load(source)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(source)))
                .flatMap(trace -> {
                    // to be refused before anything is written
                    opener.registered(trace);
                    boolean fromStart = replay.endsWith(FROM_START) || wasTakenBack(trace);
                    Mono<Long> created = config.journal()
                            .restart(source, fromStart ? 0 : lastStep(trace), replay, failedNodes(trace, fromStart));
                    return begin.of(replay, created);
                })
                // an earlier try has created it
                .onErrorComplete(PositionConflictException.class);
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

    private static Set<String> failedNodes(PersistedTrace trace, boolean fromStart) {
        Set<String> failed = new HashSet<>();
        if (!fromStart) {
            for (PersistenceEnvelope envelope : trace.envelopes()) {
                if (envelope.outcome() == Outcome.FAULT && History.isResult(envelope)) {
                    failed.add(envelope.nodeId());
                } else if (envelope.outcome() != Outcome.STARTED) {
                    failed.remove(envelope.nodeId());
                }
            }
        }
        return failed;
    }

    /** Goes on with the replays that somebody left in the middle. What does not succeed is tried again the next time. */
    Mono<Void> finishAbandoned() {
        DeadLetters letters = config.deadLetters();
        return letters == null
                ? Mono.empty()
                : Mono.defer(() -> letters.list(DeadLetterQuery.of(DeadLetterState.REPLAYING))
                        .filter(letter -> letter.replayUntil() != null
                                && !letter.replayUntil().isAfter(config.now()))
                        .concatMap(letter ->
                                replay(letter.id(), ReplayFrom.FAILURE).onErrorComplete())
                        .then());
    }
}
