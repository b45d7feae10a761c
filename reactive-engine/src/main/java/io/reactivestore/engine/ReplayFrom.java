package io.reactivestore.engine;

/**
 * Where the replay of a dead letter begins.
 *
 * <pre>{@code
 * Mono<String> replay = engine.replay("order-42", ReplayFrom.START);
 * }</pre>
 */
public enum ReplayFrom {
    /** Keeps what succeeded and does again what failed. If steps were taken back, there is nothing to keep: as {@link #START}. */
    FAILURE,
    /** Keeps the input only. */
    START
}
