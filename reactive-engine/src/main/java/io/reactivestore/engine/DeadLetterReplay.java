package io.reactivestore.engine;

import io.reactivestore.Capability;
import io.reactivestore.Sha256;
import io.reactivestore.TraceStatus;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.error.DeadLetterNotFoundException;
import io.reactivestore.error.DeadLetterStateException;
import io.reactivestore.error.DeliveryStateException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.webhooks.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Starts anew what a dead letter tells of. The id of the new trace follows from the letter, so that whoever goes on with a replay
 * that somebody left in the middle cannot start a second one.
 */
final class DeadLetterReplay {

    private static final int ID_CHARS = 255;
    /** No child of a trace has such an id: within the names of steps {@code #} tells repetitions apart. */
    private static final String FROM_FAILURE = "#replay";

    private static final String FROM_START = "#restart";

    /** How a trace that was put aside is taken up again. */
    interface TakeUp {
        Mono<Void> again(String traceId);
    }

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Restart restart;
    private final TakeUp takeUp;

    DeadLetterReplay(EngineConfig config, WorkflowRegistry workflows, Restart restart, TakeUp takeUp) {
        this.config = config;
        this.workflows = workflows;
        this.restart = restart;
        this.takeUp = takeUp;
    }

    /** Emits the id of the trace that takes the letter's place. */
    Mono<String> replay(String id, ReplayFrom from) {
        return letters()
                .flatMap(letters -> letters.find(id)
                        .switchIfEmpty(Mono.error(() -> new DeadLetterNotFoundException(id)))
                        .flatMap(letter -> replay(letters, id, idOf(letter, from))));
    }

    private Mono<String> replay(DeadLetters letters, String id, String replay) {
        return Mono.defer(() -> {
                    Instant now = config.now();
                    return letters.beginReplay(id, replay, now, now.plus(config.heartbeat()));
                })
                .flatMap(letter -> start(letters, letter));
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
        String replay = named(letter);
        return begin(letter, replay)
                .onErrorResume(error -> giveUp(letters, letter, error))
                .then(Mono.defer(() -> letters.endReplay(letter, config.now())))
                // the new trace is durable: whoever has moved the letter on meanwhile knows it as well
                .onErrorComplete(DeadLetterStateException.class)
                .thenReturn(replay);
    }

    private static String named(DeadLetter replaying) {
        return replaying.replay() == null ? replaying.traceId() : replaying.replay();
    }

    private Mono<Void> begin(DeadLetter letter, String replay) {
        return switch (letter.cause()) {
            case RECOVERY -> takeUp(letter.traceId());
            case DELIVERY -> redeliver(letter.id());
            case FAULT, TIMED_OUT -> restart.of(letter.traceId(), replay, replay.endsWith(FROM_START));
        };
    }

    /** Only a trace that rests: one that runs or has ended was taken up before, by an earlier try or by hand. */
    private Mono<Void> takeUp(String traceId) {
        return config.catalog()
                .find(traceId)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .filter(head -> head.status() == TraceStatus.WAITING)
                .flatMap(head -> takeUp.again(traceId))
                .onErrorComplete(TraceCompletedException.class);
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

    /** What this engine cannot run it would only give up. */
    private boolean isKnown(DeadLetter letter) {
        return letter.cause() == DeadLetterCause.DELIVERY || workflows.names().contains(letter.workflow());
    }

    /** Goes on with the replays that somebody left in the middle. What does not succeed is tried again the next time. */
    Mono<Void> finishAbandoned() {
        DeadLetters letters = config.deadLetters();
        return letters == null
                ? Mono.empty()
                : Mono.defer(() -> letters.list(DeadLetterQuery.of(DeadLetterState.REPLAYING))
                        .filter(letter -> letter.replayUntil() != null
                                && !letter.replayUntil().isAfter(config.now())
                                && isKnown(letter))
                        .concatMap(letter ->
                                replay(letters, letter.id(), named(letter)).onErrorComplete())
                        .then());
    }
}
