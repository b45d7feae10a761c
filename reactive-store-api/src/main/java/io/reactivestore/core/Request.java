package io.reactivestore.core;

import io.reactivestore.error.StoreException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A command on its way, with the caller who waits for its answer. All but {@link #isCancelled} is confined to the lane. */
final class Request implements Lane.Message {

    final Command command;
    final long bytes;
    int collisions;
    /** Whether the journal was read after this request was made. */
    boolean fresh;

    private final MonoSink<Long> caller;
    private volatile boolean cancelled;
    private long answer;
    private @Nullable StoreException refusal;

    Request(Command command, long bytes, MonoSink<Long> caller) {
        this.command = command;
        this.bytes = bytes;
        this.caller = caller;
    }

    /** The caller went away: a request that is not in a batch yet is dropped, one that is runs to its end unheard. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void answer(long position) {
        answer = position;
        refusal = null;
    }

    void refuse(StoreException error) {
        refusal = error;
    }

    /** Tells the caller. Runs the caller's code: call it with nothing held. What that code throws must not reach other callers. */
    void signal() {
        try {
            if (refusal != null) {
                caller.error(refusal);
            } else {
                caller.success(answer);
            }
        } catch (Throwable thrown) {
            Operators.onErrorDropped(thrown, Context.of(caller.contextView()));
        }
    }
}
