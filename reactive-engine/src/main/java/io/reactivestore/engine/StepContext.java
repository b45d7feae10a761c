package io.reactivestore.engine;

/**
 * What a step's function may know of the attempt it is.
 *
 * <pre>{@code
 * Mono<Receipt> charge(WorkflowContext ctx, Order order) {
 *     return ctx.step("charge", Receipt.class, (StepContext step) -> payments.charge(order, step.idempotencyKey()));
 * }
 * }</pre>
 *
 * @param traceId the trace
 * @param key the key of the step in its trace: its name, with {@code #2}, {@code #3} ... when repeated
 * @param step the number of the step
 * @param attempt which try this is, from 1, counted across restarts
 * @param idempotencyKey 64 hexadecimal digits that are the same for every attempt of this step, across restarts: give them to
 *     other systems so that doing it twice is doing it once
 */
public record StepContext(String traceId, String key, long step, int attempt, String idempotencyKey) {}
