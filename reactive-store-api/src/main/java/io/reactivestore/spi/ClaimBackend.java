package io.reactivestore.spi;

import io.reactivestore.TraceHead;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that engines can share its traces: heartbeats, and heads by what is due. See
 * {@link io.reactivestore.claims.Claims} for the meaning; {@link JournalBackend} for the manners.
 *
 * <pre>{@code
 * Instant now = Instant.now();
 * ClaimBackend.Due all = new ClaimBackend.Due(Set.of("order"), now, now.plusSeconds(30), 100);
 * Mono<List<TraceHead>> mine = backend.claims().orElseThrow().reserve(all);
 * }</pre>
 */
public interface ClaimBackend {

    /**
     * What is asked for.
     *
     * @param workflows of these workflows only
     * @param now what is due by then
     * @param until the {@code dueAt} that the heads handed out get
     * @param limit how many at the most
     */
    record Due(Set<String> workflows, Instant now, Instant until, int limit) {}

    /**
     * Records that a writer lives, and forgets writers that were to be silent since an hour before now and hold no running trace.
     *
     * @param writer the store instance
     * @param name a name for people
     * @param until until when it is taken to live
     * @param now the time
     * @return a Mono that completes once it is durable
     */
    Mono<Void> beat(long writer, String name, Instant until, Instant now);

    /**
     * Records that a writer lives no more.
     *
     * @param writer the store instance
     * @return a Mono that completes once it is durable
     */
    Mono<Void> leave(long writer);

    /**
     * Says whether a writer is recorded as one that lives beyond a time.
     *
     * @param writer the store instance
     * @param now the time
     * @return a Mono that emits false for a writer that never said that it lives, or said that it leaves
     */
    Mono<Boolean> isAlive(long writer, Instant now);

    /**
     * Picks heads that are due and sets their {@code dueAt} to {@code until}, so that of several such calls at once one gets
     * each head; it waits for none of them. In order: those that wait, the longest overdue first, then the rest. Due are the heads with status WAITING and a {@code dueAt} not behind {@code now}; and
     * those with status RUNNING whose holder is a recorded writer taken to live not beyond {@code now}, with a {@code dueAt}
     * that is null or not behind {@code now}.
     *
     * @param due what is asked for
     * @return a Mono that emits the heads as they were before their {@code dueAt} changed
     */
    Mono<List<TraceHead>> reserve(Due due);

    /**
     * Reads the last position of each journal.
     *
     * @param traceIds the traces
     * @return a Mono that emits the position of each known one
     */
    Mono<Map<String, Long>> positions(Collection<String> traceIds);

    /**
     * Gives the ids of traces to which an {@link io.reactivestore.journal.JournalEvent.Intervened} was appended, or whose
     * head became WAITING and due at once; by whom the backend can hear. Best effort.
     *
     * @return never completes, never fails
     */
    Flux<String> hints();
}
