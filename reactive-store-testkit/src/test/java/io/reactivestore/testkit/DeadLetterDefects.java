package io.reactivestore.testkit;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Bugs of the facet DEAD_LETTERS. */
final class DeadLetterDefects {

    static final List<Defect> ALL = List.of(
            Defect.inBackend("D1", "letters get lost on their way", LosesLetters::new),
            Defect.inBackend("D2", "a letter is written whether its entries are or not", WritesLettersAnyhow::new),
            inLetters("D3", "the first letter of a trace stays", KeepsTheFirst::new),
            inLetters("D4", "a move forgets why", ForgetsWhy::new),
            inLetters("D5", "whoever comes last moves the letter", MovesBlindly::new),
            inLetters("D6", "the next page begins with the last letter of the page before", RepeatsAtPages::new),
            inLetters("D7", "what is replaying is not counted", CountsSome::new));

    private DeadLetterDefects() {}

    private static Defect inLetters(String rule, String what, Function<DeadLetterBackend, DeadLetterBackend> bug) {
        return Defect.inBackend(rule, what, backend -> new Decorated.Backend(backend) {
            @Override
            public Optional<DeadLetterBackend> deadLetters() {
                return inner.deadLetters().map(bug);
            }
        });
    }

    private static class Letters implements DeadLetterBackend {
        final DeadLetterBackend inner;

        Letters(DeadLetterBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<DeadLetter> find(String id) {
            return inner.find(id);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            return inner.list(query);
        }

        @Override
        public Mono<Map<DeadLetterState, Long>> counts() {
            return inner.counts();
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            return inner.replace(next);
        }
    }

    private static final class LosesLetters extends Decorated.Backend {
        LosesLetters(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch.stream()
                    .map(append -> new TraceAppend(append.traceId(), append.entries(), append.head()))
                    .toList());
        }
    }

    private static final class WritesLettersAnyhow extends Decorated.Backend {
        private static final Map<JournalBackend, Map<String, DeadLetter>> WRITTEN = new ConcurrentHashMap<>();

        WritesLettersAnyhow(JournalBackend inner) {
            super(inner);
        }

        private Map<String, DeadLetter> written() {
            return WRITTEN.computeIfAbsent(inner, backend -> new ConcurrentHashMap<>());
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch).doOnNext(leftOut -> {
                for (TraceAppend append : batch) {
                    for (Outgoing each : append.outgoing()) {
                        if (each instanceof Outgoing.ToDeadLetters sent) {
                            written().put(sent.letter().id(), sent.letter());
                        }
                    }
                }
            });
        }

        @Override
        public Optional<DeadLetterBackend> deadLetters() {
            return inner.deadLetters().map(letters -> new Letters(letters) {
                @Override
                public Mono<DeadLetter> find(String id) {
                    return Mono.justOrEmpty(written().get(id));
                }
            });
        }
    }

    private static final class KeepsTheFirst extends Letters {
        private static final Map<DeadLetterBackend, Map<String, DeadLetter>> FIRST = new ConcurrentHashMap<>();

        KeepsTheFirst(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            return inner.list(query)
                    .map(letters -> letters.stream().map(this::first).toList());
        }

        @Override
        public Mono<DeadLetter> find(String id) {
            return inner.find(id).map(this::first);
        }

        private DeadLetter first(DeadLetter letter) {
            return FIRST.computeIfAbsent(inner, backend -> new ConcurrentHashMap<>())
                    .merge(letter.id(), letter, (before, now) -> before.cause() == now.cause() ? now : before);
        }
    }

    private static final class ForgetsWhy extends Letters {
        ForgetsWhy(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            return inner.replace(next.withRevision(next.revision() - 1).moved(next.state(), next.stateAt(), null));
        }
    }

    private static final class MovesBlindly extends Letters {
        MovesBlindly(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            // as wide as a commit takes elsewhere
            return Mono.delay(Duration.ofMillis(5))
                    .then(inner.find(next.id()))
                    .flatMap(now -> inner.replace(next.withRevision(now.revision() + 1)));
        }
    }

    private static final class RepeatsAtPages extends Letters {
        RepeatsAtPages(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            DeadLetter after = query.after();
            return after == null
                    ? inner.list(query)
                    : inner.list(query.after(DeadLetter.pending(
                            after.id() + "~",
                            after.traceId(),
                            after.workflow(),
                            after.version(),
                            after.cause(),
                            after.createdAt())));
        }
    }

    private static final class CountsSome extends Letters {
        CountsSome(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Map<DeadLetterState, Long>> counts() {
            return inner.counts().doOnNext(counts -> counts.remove(DeadLetterState.REPLAYING));
        }
    }
}
