package io.reactivestore.testkit;

import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.JournalBackend;
import java.util.Comparator;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs of the facets, beyond the numbered rules. */
final class FacetDefects {

    static final List<Defect> ALL = List.of(
            Defect.inBackend("JOURNAL", "the first entry of every page but the first is left out", SkipsAtPages::new),
            Defect.inStore("JOURNAL", "a reader gets all that it did not ask for", IgnoresDemand::new),
            Defect.inStore("JOURNAL", "a follower repeats the last entry it found", RepeatsTheLast::new),
            Defect.inStore("JOURNAL", "an empty list emits what it was told", ChecksNothing::new),
            Defect.inStore("REPLACE", "what is on record stays", Appends::new),
            Defect.inStore("REPLACE", "a journal that has moved on is no obstacle", ReplacesAnyhow::new),
            Defect.inStore("RESTORE", "the last entry is lost", LosesTheLast::new),
            Defect.inBackend("CATALOG", "the newest is what changed last", SortsByChange::new),
            Defect.inBackend("CATALOG", "ties are broken as a dictionary would", SortsLikeADictionary::new));

    private FacetDefects() {}

    private static final class SkipsAtPages extends ForwardingBackend {
        SkipsAtPages(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
            return inner.read(
                    traceId,
                    afterPosition > 0 && afterPosition % limit == 0 ? afterPosition + 1 : afterPosition,
                    limit);
        }
    }

    private static final class Appends extends Decorated.Store {
        Appends(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events) {
            return journal.append(traceId, expectedPosition, events);
        }
    }

    private static final class LosesTheLast extends Decorated.Store {
        LosesTheLast(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> restore(String traceId, List<JournalEntry> entries, TraceTags tags) {
            return super.restore(traceId, entries.subList(0, Math.max(1, entries.size() - 1)), tags);
        }
    }

    private static final class ReplacesAnyhow extends Decorated.Store {
        ReplacesAnyhow(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events) {
            return journal.append(traceId, List.of()).flatMap(position -> journal.replace(traceId, position, events));
        }
    }

    private static final class IgnoresDemand extends Decorated.Store {
        IgnoresDemand(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Flux<JournalEntry> read(String traceId, long afterPosition) {
            Flux<JournalEntry> reading = journal.read(traceId, afterPosition);
            return Flux.from(subscriber -> reading.subscribe(new BaseSubscriber<JournalEntry>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            subscription.request(Long.MAX_VALUE);
                        }

                        @Override
                        public void cancel() {
                            subscription.cancel();
                        }
                    });
                }

                @Override
                protected void hookOnNext(JournalEntry entry) {
                    subscriber.onNext(entry);
                }

                @Override
                protected void hookOnError(Throwable error) {
                    subscriber.onError(error);
                }

                @Override
                protected void hookOnComplete() {
                    subscriber.onComplete();
                }
            }));
        }
    }

    private static final class RepeatsTheLast extends Decorated.Store {
        RepeatsTheLast(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Flux<JournalEntry> follow(String traceId, long afterPosition) {
            return journal.read(traceId, afterPosition)
                    .collectList()
                    .flatMapMany(found -> Flux.fromIterable(found)
                            .concatWith(journal.follow(
                                    traceId, Math.max(afterPosition, afterPosition + found.size() - 1))));
        }
    }

    private static final class ChecksNothing extends Decorated.Store {
        ChecksNothing(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
            Mono<Long> appending = journal.append(traceId, expectedPosition, events);
            return events.isEmpty() ? appending.map(end -> expectedPosition) : appending;
        }
    }

    private static final class SortsByChange extends ForwardingBackend {
        SortsByChange(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<TraceHead>> recent(int limit) {
            return inner.recent(1_000_000)
                    .map(heads -> heads.stream()
                            .sorted(Comparator.comparing(TraceHead::updatedAt)
                                    .thenComparing(TraceHead::traceId)
                                    .reversed())
                            .limit(limit)
                            .toList());
        }
    }

    private static final class SortsLikeADictionary extends ForwardingBackend {
        SortsLikeADictionary(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<TraceHead>> recent(int limit) {
            return inner.recent(limit)
                    .map(heads -> heads.stream()
                            .sorted(Comparator.comparing(TraceHead::createdAt)
                                    .thenComparing(TraceHead::traceId, String.CASE_INSENSITIVE_ORDER)
                                    .reversed())
                            .toList());
        }
    }
}
