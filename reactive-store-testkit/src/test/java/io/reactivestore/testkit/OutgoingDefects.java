package io.reactivestore.testkit;

import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Bugs in how things leave traces. */
final class OutgoingDefects {

    private OutgoingDefects() {}

    /** Something else leaves than was sent. */
    static Defect instead(String rule, String what, UnaryOperator<List<Outgoing>> bug) {
        return Defect.inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Mono<Set<String>> append(List<TraceAppend> batch) {
                return inner.append(batch.stream()
                        .map(append -> new TraceAppend(
                                append.traceId(), append.entries(), append.head(), bug.apply(append.outgoing())))
                        .toList());
            }
        });
    }

    /** Knows all that was sent, whether the entries it was to leave with were written or not. */
    abstract static class WritesAnyhow extends ForwardingBackend {
        private static final Map<JournalBackend, Set<Outgoing>> WRITTEN = new ConcurrentHashMap<>();

        WritesAnyhow(JournalBackend inner) {
            super(inner);
        }

        final Set<Outgoing> written() {
            return WRITTEN.computeIfAbsent(inner, backend -> ConcurrentHashMap.newKeySet());
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch)
                    .doOnNext(leftOut -> batch.forEach(append -> written().addAll(append.outgoing())));
        }
    }
}
