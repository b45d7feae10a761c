package io.reactivestore.core;

import io.reactivestore.error.StoreClosedException;
import io.reactivestore.error.StoreOverloadedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Many callers, one commit: a few lanes, each trace always in the same one, and a bound on who may wait. */
final class GroupCommit {

    private final StoreConfig config;
    private final Gate gate;
    private final Lane[] lanes;
    private final AtomicInteger callers = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    GroupCommit(Journals journals, StoreConfig config, Gate gate, long writer) {
        this.config = config;
        this.gate = gate;
        this.lanes = new Lane[config.lanes()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(journals, config, writer, this::release);
        }
    }

    /**
     * Emits the position the command is answered with, once it is durable. A command that is cancelled before it is in a batch
     * is dropped; one that is in a batch takes effect.
     */
    Mono<Long> submit(Supplier<Command> commands) {
        return Mono.create(caller -> {
            Command command = commands.get();
            if (!gate.enter()) {
                caller.error(new StoreClosedException(command.traceId()));
                return;
            }
            Request request = new Request(command, command.bytes(), caller);
            int callersNow = callers.incrementAndGet();
            long bytesNow = bytes.addAndGet(request.bytes);
            // a lone caller is let in whatever it brings: waiting would not make it smaller
            if (callersNow > config.maxWaitingCallers() || (bytesNow > config.maxWaitingBytes() && callersNow > 1)) {
                release(request);
                caller.error(new StoreOverloadedException(command.traceId(), callersNow - 1, bytesNow - request.bytes));
                return;
            }
            caller.onCancel(request::cancel);
            laneOf(command.traceId()).tell(request);
        });
    }

    /** Remembers what somebody read of a trace, so that its next append needs no reading. */
    void learn(TraceFold tail) {
        laneOf(tail.traceId()).tell(new Lane.Learned(tail));
    }

    /** Forgets a trace that was deleted. */
    void forget(String traceId) {
        laneOf(traceId).tell(new Lane.Deleted(traceId));
    }

    private Lane laneOf(String traceId) {
        // the low bits of a String's hash follow its last character: spread them (Fibonacci hashing)
        int spread = (traceId.hashCode() * 0x9E3779B9) >>> 1;
        return lanes[spread % lanes.length];
    }

    private void release(Request request) {
        callers.decrementAndGet();
        bytes.addAndGet(-request.bytes);
        gate.leave();
    }
}
