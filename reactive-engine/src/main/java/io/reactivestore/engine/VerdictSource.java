package io.reactivestore.engine;

import reactor.core.publisher.Mono;

/** Where the verdict of an attempt comes from: a function, or a person. */
interface VerdictSource<T> {

    /** One attempt. What it signals as an error is the engine's own trouble and stops the run. */
    Mono<Verdict<T>> next(StepContext attempt);

    /** Whether nothing of the user runs meanwhile, so that a closing engine need not wait for it. */
    boolean waits();
}
