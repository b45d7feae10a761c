package io.reactivestore.core;

import reactor.core.publisher.Mono;

/** Reads whole traces for callers. What was read of a trace spares its next append the reading. */
final class TraceReader {

    private final Journals journals;
    private final GroupCommit commits;
    private final Gate gate;

    TraceReader(Journals journals, GroupCommit commits, Gate gate) {
        this.journals = journals;
        this.commits = commits;
        this.gate = gate;
    }

    /** Folds a trace, payloads checked; empty if there is none. */
    Mono<TraceFold> fold(String traceId) {
        return gate.guard(traceId, journals.load(traceId)).doOnNext(fold -> commits.learn(fold.toTail()));
    }
}
