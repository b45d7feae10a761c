package io.reactivestore.engine;

import reactor.core.publisher.Mono;

/**
 * Stands around the attempts of steps, where they are made: for tracing, logging, limits. It sees what the function of a step does,
 * and nothing of what is replayed or waited for.
 *
 * <pre>{@code
 * StepAround logging = new StepAround() {
 *     @Override
 *     public <T> Mono<T> around(String workflow, StepContext step, Mono<T> attempt) {
 *         return attempt.doOnSubscribe(begun -> System.out.println(workflow + ": " + step.key()));
 *     }
 * };
 * EngineBuilder parts = DurableEngine.builder(store).around(logging);
 * }</pre>
 */
public interface StepAround {

    /**
     * Gives what is subscribed to instead of an attempt. Called for each attempt; what it signals is taken for what the attempt
     * signals. The time limit of the step counts it in.
     *
     * @param workflow the name of the workflow
     * @param step the attempt
     * @param attempt what the function of the step gives, in which its Context is
     * @param <T> the type of the result
     * @return the attempt, with what is to stand around it; it must not block
     */
    <T> Mono<T> around(String workflow, StepContext step, Mono<T> attempt);
}
