package io.reactivestore.core;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.DeadLetterNotFoundException;
import io.reactivestore.error.DeadLetterStateException;
import io.reactivestore.internal.Check;
import io.reactivestore.spi.DeadLetterBackend;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet DEAD_LETTERS: which moves there are. Each is read, judged, and written if nobody has moved the letter since. */
final class JournaledDeadLetters implements DeadLetters {

    private final DeadLetterBackend backend;
    private final Gate gate;

    JournaledDeadLetters(DeadLetterBackend backend, Gate gate) {
        this.backend = backend;
        this.gate = gate;
    }

    @Override
    public Mono<DeadLetter> find(String id) {
        Check.name("id", id, Check.TRACE_ID_CHARS);
        return gate.guard(null, Mono.defer(() -> backend.find(id)));
    }

    @Override
    public Flux<DeadLetter> list(DeadLetterQuery query) {
        Check.present("query", query);
        return gate.guard(null, Mono.defer(() -> backend.list(query))).flatMapIterable(letters -> letters);
    }

    @Override
    public Mono<Map<DeadLetterState, Long>> counts() {
        return gate.guard(null, Mono.defer(backend::counts)).map(found -> {
            Map<DeadLetterState, Long> counts = new EnumMap<>(DeadLetterState.class);
            for (DeadLetterState state : DeadLetterState.values()) {
                counts.put(state, found.getOrDefault(state, 0L));
            }
            return counts;
        });
    }

    @Override
    public Mono<DeadLetter> beginReplay(String id, String replay, Instant now, Instant until) {
        Check.name("replay", replay, Check.TRACE_ID_CHARS);
        Instant at = Check.instant("now", now);
        Instant end = Check.instant("until", until);
        return move(id, letter -> {
            if (letter.state() == DeadLetterState.REPLAYING && isOver(letter, at)) {
                // what was begun under that id may be there
                return letter.replaying(letter.replay() == null ? replay : letter.replay(), at, end);
            }
            return needs(DeadLetterState.PENDING, letter).replaying(replay, at, end);
        });
    }

    private static boolean isOver(DeadLetter letter, Instant now) {
        return letter.replayUntil() == null || !letter.replayUntil().isAfter(now);
    }

    @Override
    public Mono<DeadLetter> endReplay(DeadLetter replaying, Instant now) {
        return leaveReplay(replaying, DeadLetterState.REPLAYED, null, now);
    }

    @Override
    public Mono<DeadLetter> giveUpReplay(DeadLetter replaying, String reason, Instant now) {
        return leaveReplay(replaying, DeadLetterState.PENDING, Check.reason(reason), now);
    }

    private Mono<DeadLetter> leaveReplay(
            DeadLetter replaying, DeadLetterState state, @Nullable String note, Instant now) {
        Check.present("replaying", replaying);
        Instant at = Check.instant("now", now);
        return move(replaying.id(), letter -> {
            if (letter.revision() != replaying.revision()) {
                throw new DeadLetterStateException(letter, DeadLetterState.REPLAYING);
            }
            return needs(DeadLetterState.REPLAYING, letter).moved(state, at, note);
        });
    }

    @Override
    public Mono<DeadLetter> resolve(String id, String reason, Instant now) {
        String note = Check.reason(reason);
        Instant at = Check.instant("now", now);
        return move(id, letter -> needs(DeadLetterState.PENDING, letter).moved(DeadLetterState.RESOLVED, at, note));
    }

    private static DeadLetter needs(DeadLetterState state, DeadLetter letter) {
        if (letter.state() != state) {
            throw new DeadLetterStateException(letter, state);
        }
        return letter;
    }

    /** Each round means that somebody else has moved the letter: there are few moves, so it ends. */
    private Mono<DeadLetter> move(String id, UnaryOperator<DeadLetter> rule) {
        Check.name("id", id, Check.TRACE_ID_CHARS);
        Mono<DeadLetter> once = Mono.defer(() -> backend.find(id))
                .switchIfEmpty(Mono.error(() -> new DeadLetterNotFoundException(id)))
                .map(rule)
                .flatMap(
                        next -> backend.replace(next).filter(written -> written).map(written -> next));
        return gate.guard(null, once.repeatWhenEmpty(rounds -> rounds));
    }
}
