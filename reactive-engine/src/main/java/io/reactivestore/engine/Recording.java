package io.reactivestore.engine;

import io.reactivestore.PersistenceEnvelope;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * An envelope on its way to the store. It runs to its end whoever goes away: the function has done its work, and a cancel must
 * not leave that off the record.
 */
final class Recording {

    private final CompletableFuture<@Nullable Void> written;

    private Recording(CompletableFuture<@Nullable Void> written) {
        this.written = written;
    }

    /** One edge of the engine: subscribes. The step stops being live before its result is signalled. */
    static Recording start(Run run, PersistenceEnvelope envelope, LiveStep live, ContextView context) {
        return new Recording(run.append(envelope)
                .doOnTerminate(live::recorded)
                .onErrorResume(run::halted)
                .contextWrite(context)
                .toFuture());
    }

    boolean isUnderWay() {
        return !written.isDone();
    }

    /** Completes once the envelope is durable; silent if the store fails, which stops the run. */
    Mono<Void> heard() {
        return Mono.fromFuture(written, true);
    }
}
