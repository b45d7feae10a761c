package io.reactivestore.testkit;

import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.internal.Broadcast;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs that break waiting, sharing and forking. */
final class ClaimDefects {

    static final List<Defect> ALL = List.of(
            Defect.inStore(
                    "GUARD", "a guarded append passes decisions that its writer has not seen", PassesDecisions::new),
            Defect.inBackend("WAIT", "a step leaves the head waiting", LeavesTheHeadWaiting::new)
                    .alsoShownByHistories(),
            Defect.inStore("WAIT", "a rest lets go of the trace", LetsGo::new),
            Defect.inClaims("CLAIMS", "what is handed out is handed out again", HandsOutTwice::new),
            Defect.inClaims("CLAIMS", "traces of every workflow are handed out", IgnoresWorkflows::new),
            Defect.inBackend("CLAIMS", "a writer that never said to live is taken for silent", OrphansOfAll::new),
            Defect.inClaims("CLAIMS", "who leaves is taken to live until his time", ForgetsToLeave::new),
            Defect.inClaims("REPLACE", "nobody is taken to live", TakesAllForDead::new),
            Defect.inStore("CLAIMS", "what is due comes by its id", SortsById::new),
            Defect.inStore("CLAIMS", "a claim does not look who holds the trace now", ClaimsBlindly::new),
            Defect.inClaims("CLAIMS", "an unknown trace is at position 0", KnowsTheUnknown::new),
            Defect.inBackend("CLAIMS", "every append is hinted", HintsAll::new),
            Defect.inStore("FORK", "a fork copies what is void", CopiesTheVoid::new));

    private ClaimDefects() {}

    private static final class PassesDecisions extends Decorated.Store {
        PassesDecisions(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events) {
            return journal.append(traceId, events);
        }
    }

    private static final class LeavesTheHeadWaiting extends ForwardingBackend {
        LeavesTheHeadWaiting(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch.stream()
                    .map(append -> append.expectedPosition() > 0
                                    && append.head() != null
                                    && append.entries().stream().allMatch(e -> e.event() instanceof StepRecorded)
                            ? new TraceAppend(append.traceId(), append.entries(), null)
                            : append)
                    .toList());
        }
    }

    private static final class TakesAllForDead extends ForwardingClaims {
        TakesAllForDead(ClaimBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> isAlive(long writer, Instant now) {
            return Mono.just(false);
        }
    }

    private static final class LetsGo extends Decorated.Store {
        LetsGo(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .onErrorResume(
                            ClaimLostException.class,
                            lost -> catalog.find(envelope.traceId())
                                    .filter(head -> head.status() == TraceStatus.WAITING)
                                    .flatMap(head -> claims.claim(head, "nobody held it"))
                                    .switchIfEmpty(Mono.error(lost))
                                    .then(Mono.defer(() -> traces.append(envelope))));
        }
    }

    private static final class HandsOutTwice extends ForwardingClaims {
        HandsOutTwice(ClaimBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<TraceHead>> reserve(Due due) {
            return inner.reserve(new Due(due.workflows(), due.now(), due.now(), due.limit()));
        }
    }

    private static final class IgnoresWorkflows extends ForwardingClaims {
        private static final Set<String> ALL = new AbstractSet<>() {
            @Override
            public boolean contains(Object workflow) {
                return true;
            }

            @Override
            public Iterator<String> iterator() {
                return Set.<String>of().iterator();
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };

        IgnoresWorkflows(ClaimBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<TraceHead>> reserve(Due due) {
            return inner.reserve(new Due(ALL, due.now(), due.until(), due.limit()));
        }
    }

    private static final class OrphansOfAll extends ForwardingBackend {
        private final Set<Long> known = ConcurrentHashMap.newKeySet();

        OrphansOfAll(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return Flux.fromIterable(batch)
                    .map(append -> append.entries().get(0).writer())
                    .filter(known::add)
                    .concatMap(writer -> inner.claims().orElseThrow().beat(writer, "x", Instant.EPOCH, Instant.EPOCH))
                    .then(inner.append(batch));
        }

        @Override
        public Optional<ClaimBackend> claims() {
            return inner.claims().map(claims -> new ForwardingClaims(claims) {
                @Override
                public Mono<Void> beat(long writer, String name, Instant until, Instant now) {
                    known.add(writer);
                    return inner.beat(writer, name, until, now);
                }
            });
        }
    }

    private static final class ForgetsToLeave extends ForwardingClaims {
        ForgetsToLeave(ClaimBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> leave(long writer) {
            return Mono.empty();
        }
    }

    private static final class SortsById extends Decorated.Store {
        SortsById(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Flux<TraceHead> due(Collection<String> workflows, Instant now, Instant reservedUntil, int limit) {
            return claims.due(workflows, now, reservedUntil, limit).sort(Comparator.comparing(TraceHead::traceId));
        }
    }

    private static final class ClaimsBlindly extends Decorated.Store {
        ClaimsBlindly(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> claim(TraceHead due, String owner) {
            return journal.append(due.traceId(), List.of(new Claimed(owner, Samples.AT)))
                    .then(traces.load(due.traceId()));
        }
    }

    private static final class KnowsTheUnknown extends ForwardingClaims {
        KnowsTheUnknown(ClaimBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return inner.positions(traceIds).map(known -> {
                Map<String, Long> all = new HashMap<>(known);
                traceIds.forEach(id -> all.putIfAbsent(id, 0L));
                return all;
            });
        }
    }

    private static final class HintsAll extends ForwardingBackend {
        private final Broadcast<String> hints = new Broadcast<>();

        HintsAll(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch).doOnNext(leftOut -> batch.forEach(append -> hints.tell(append.traceId())));
        }

        @Override
        public Optional<ClaimBackend> claims() {
            return inner.claims().map(claims -> new ForwardingClaims(claims) {
                @Override
                public Flux<String> hints() {
                    return hints.listen();
                }
            });
        }
    }

    private static final class CopiesTheVoid extends Decorated.Store {
        CopiesTheVoid(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> fork(String traceId, long fromStep, String newTraceId) {
            return journal.read(traceId, 0)
                    .map(JournalEntry::event)
                    .ofType(StepRecorded.class)
                    .map(StepRecorded::envelope)
                    .filter(envelope -> envelope.step() <= fromStep)
                    .distinct(envelope ->
                            List.of(envelope.step(), envelope.nodeId(), envelope.attempt(), envelope.outcome()))
                    .<JournalEvent>map(envelope -> new StepRecorded(envelope.withTraceId(newTraceId)))
                    .concatWithValues(new JournalEvent.Custom(Journal.FORKED, null, Samples.AT))
                    .collectList()
                    .flatMap(events -> journal.append(newTraceId, 0, events));
        }
    }
}
