package io.reactivestore.core;

import io.reactivestore.PersistedTrace;
import io.reactivestore.TraceHead;
import io.reactivestore.claims.Claims;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.spi.ClaimBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet CLAIMS: what the backend finds, and take-overs by the journal. */
final class JournaledClaims implements Claims {

    private final ClaimBackend backend;
    private final TraceReader reader;
    private final GroupCommit commits;
    private final StoreConfig config;
    private final Gate gate;
    private final long writer;

    JournaledClaims(
            ClaimBackend backend, TraceReader reader, GroupCommit commits, StoreConfig config, Gate gate, long writer) {
        this.backend = backend;
        this.reader = reader;
        this.commits = commits;
        this.config = config;
        this.gate = gate;
        this.writer = writer;
    }

    @Override
    public long writer() {
        return writer;
    }

    @Override
    public Mono<Void> beat(String name, Instant until, Instant now) {
        Check.name("name", name, Check.NAME_CHARS);
        Instant silentFrom = Check.instant("until", until);
        Instant time = Check.instant("now", now);
        return gate.guard(null, Mono.defer(() -> backend.beat(writer, name, silentFrom, time)));
    }

    @Override
    public Mono<Void> leave() {
        return gate.guard(null, Mono.defer(() -> backend.leave(writer)));
    }

    @Override
    public Flux<TraceHead> due(Collection<String> workflows, Instant now, Instant reservedUntil, int limit) {
        Set<String> names = new HashSet<>(Check.present("workflows", workflows));
        names.forEach(name -> Check.name("a workflow", name, Check.NAME_CHARS));
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_LIMIT);
        ClaimBackend.Due due = new ClaimBackend.Due(
                names, Check.instant("now", now), Check.instant("reservedUntil", reservedUntil), limit);
        return gate.guard(null, names.isEmpty() ? Mono.just(List.<TraceHead>of()) : reserve(due))
                .flatMapIterable(heads -> heads);
    }

    private Mono<List<TraceHead>> reserve(ClaimBackend.Due due) {
        return Mono.defer(() -> backend.reserve(due));
    }

    @Override
    public Mono<PersistedTrace> claim(TraceHead due, String owner) {
        Check.present("due", due);
        Check.name("owner", owner, Check.NAME_CHARS);
        return reader.fold(due.traceId())
                .filter(trace -> trace.completion() == null && isStill(due, trace.head()))
                .flatMap(trace -> claim(trace, owner))
                .retryWhen(JournaledTraces.WHEN_OVERTAKEN);
    }

    /** What was read is what was judged, so the claim must stand right behind it. */
    private Mono<PersistedTrace> claim(TraceFold trace, String owner) {
        JournalEvent claimed = new Claimed(owner, config.clock().instant());
        return commits.submit(() -> new Command(trace.traceId(), trace.position(), List.of(claimed), trace.toTail()))
                .map(position -> {
                    trace.apply(new JournalEntry(trace.traceId(), position, writer, claimed));
                    return trace.toTrace();
                });
    }

    private static boolean isStill(TraceHead due, @Nullable TraceHead now) {
        return now != null && now.status() == due.status() && Objects.equals(now.holder(), due.holder());
    }

    @Override
    public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
        Set<String> ids = new HashSet<>(Check.present("traceIds", traceIds));
        ids.forEach(Check::traceId);
        Check.atMost("the number of traceIds", ids.size(), MAX_LIMIT);
        return gate.guard(
                null, ids.isEmpty() ? Mono.just(Map.<String, Long>of()) : Mono.defer(() -> backend.positions(ids)));
    }

    @Override
    public Flux<String> hints() {
        return gate.guard(null, Mono.just(backend))
                .flatMapMany(ClaimBackend::hints)
                .onBackpressureDrop();
    }
}
