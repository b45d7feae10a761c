package io.reactivestore.core;

import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.TransactionBackend;
import io.reactivestore.transactions.Transactions;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The facet TRANSACTIONS: the same commands and rules as everywhere, on what the caller's connection sees. */
final class JournaledTransactions<C> implements Transactions<C> {

    /** Somebody else wrote where the entries were to stand; internal. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super(null, null, false, false);
        }
    }

    /** Each means that another writer of the same trace has committed in between. */
    private static final int MAX_OVERTAKEN = 1_000;

    private final TransactionBackend<C> backend;
    private final StoreConfig config;
    private final Gate gate;
    private final long writer;

    JournaledTransactions(TransactionBackend<C> backend, StoreConfig config, Gate gate, long writer) {
        this.backend = backend;
        this.config = config.withWriteRetries(0);
        this.gate = gate;
        this.writer = writer;
    }

    @Override
    public Class<C> connectionType() {
        return backend.connectionType();
    }

    @Override
    public Mono<Long> append(C connection, String traceId, long seen, List<JournalEvent> events) {
        Check.present("connection", connection);
        Check.traceId(traceId);
        Check.atLeast("seen", seen, 0);
        Command command =
                new Command(traceId, Command.ANYWHERE, EventList.check(traceId, events, config), null, seen, List.of());
        Journals journals = new Journals(backend.through(connection), config, gate);
        return gate.guard(
                traceId,
                Mono.defer(() -> append(journals, command))
                        .retryWhen(Retry.max(MAX_OVERTAKEN).filter(Overtaken.class::isInstance)));
    }

    private Mono<Long> append(Journals journals, Command command) {
        return journals.tails(List.of(command.traceId()), id -> Long.MAX_VALUE, entry -> {})
                .flatMap(tails -> {
                    TraceFold trace = tails.get(0);
                    long[] recorded = command.judge(trace, writer);
                    if (!Command.writes(recorded)) {
                        return Mono.just(recorded.length == 0 ? trace.position() : recorded[recorded.length - 1]);
                    }
                    Slot slot = new Slot(trace, writer);
                    long last = trace.position();
                    for (int i = 0; i < recorded.length; i++) {
                        last = recorded[i] == Rules.WRITE
                                ? slot.add(command.events().get(i), writer)
                                : recorded[i];
                    }
                    long position = last;
                    return journals.append(List.of(slot.toAppend()))
                            .flatMap(leftOut -> leftOut.isEmpty() ? Mono.just(position) : Mono.error(new Overtaken()));
                });
    }

    @Override
    public <T> Mono<T> inTransaction(Function<? super C, ? extends Mono<T>> work) {
        Check.present("work", work);
        return gate.guard(null, backend.<T>inTransaction(work));
    }
}
