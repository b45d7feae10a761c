package io.reactivestore.r2dbc;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * What the durability tests append: traces of ten steps, many at a time. Every entry follows from the number of its trace, so
 * that another process can take an unfinished trace up, and anybody can say what must stand in the store, bit for bit.
 */
final class Workload {

    static final int STEPS = 10;

    /** Reports the first error as it is. */
    static final Retry NEVER = Retry.indefinitely().filter(error -> false);

    /** Calls again whatever the store says may be called again. */
    static final Retry WHILE_UNAVAILABLE = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(20))
            .maxBackoff(Duration.ofMillis(500))
            .filter(StoreUnavailableException.class::isInstance);

    /** Events that one call appends, all or nothing. */
    record Call(String traceId, long expectedPosition, List<JournalEvent> events) {}

    private final ReactiveStore store;
    private final Retry again;
    private final boolean takesUp;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Workload(ReactiveStore store, Retry again, boolean takesUp) {
        this.store = store;
        this.again = again;
        this.takesUp = takesUp;
    }

    /** Of traces that nobody else has begun: to find an entry there already is an error, but after a call that failed. */
    static Workload ofNewTraces(ReactiveStore store, Retry again) {
        return new Workload(store, again, false);
    }

    /** Of traces that another process may have begun or completed. */
    static Workload takingUp(ReactiveStore store) {
        return new Workload(store, NEVER, true);
    }

    static String traceId(int number) {
        return String.format("trace-%06d", number);
    }

    /** Runs trace after trace, some at a time, until {@link #stop()}. */
    Flux<Ack> run(int from, int callers) {
        return run(from, 1, callers);
    }

    /** As before, but only every so many-th trace: every fourth is of one shape. */
    Flux<Ack> run(int from, int stride, int callers) {
        return Flux.range(0, (Integer.MAX_VALUE - from) / stride)
                .map(i -> from + i * stride)
                .takeWhile(number -> !stopped.get())
                .flatMap(this::trace, callers);
    }

    /** Begins no more traces; those begun go on to their end. */
    void stop() {
        stopped.set(true);
    }

    /** Runs one trace. */
    Flux<Ack> trace(int number) {
        List<Call> calls = calls(number);
        int last = calls.size() - 1;
        Flux<Ack> acks = number % 4 == 1
                ? Flux.concat(
                        perform(calls.get(0)),
                        Flux.fromIterable(calls.subList(1, last)).flatMap(this::perform, 4),
                        perform(calls.get(last)))
                : Flux.fromIterable(calls).concatMap(this::perform);
        return acks.onErrorResume(error -> takesUp && error instanceof TraceCompletedException, there -> Flux.empty());
    }

    private Flux<Ack> perform(Call call) {
        JournalEvent first = call.events().get(0);
        if (call.events().size() > 1) {
            AtomicInteger attempts = new AtomicInteger();
            return store.require(Capability.JOURNAL)
                    .append(call.traceId(), call.expectedPosition(), call.events())
                    .doOnSubscribe(subscription -> attempts.incrementAndGet())
                    .retryWhen(again)
                    .flatMapMany(end -> Flux.range(0, call.events().size())
                            .map(i -> Ack.of(
                                    call.traceId(),
                                    call.expectedPosition() + 1 + i,
                                    call.events().get(i))))
                    .onErrorResume(
                            error -> error instanceof PositionConflictException && (takesUp || attempts.get() > 1),
                            there -> Flux.empty());
        }
        Mono<Long> position;
        if (first instanceof StepRecorded recorded) {
            position = store.traces().append(recorded.envelope());
        } else if (first instanceof Intervened intervened) {
            position = store.traces()
                    .saveIntervention(call.traceId(), intervened.intervention())
                    .thenReturn(Ack.ANYWHERE);
        } else if (first instanceof Completed completed) {
            position = store.traces()
                    .complete(call.traceId(), completed.completion())
                    .thenReturn(Ack.ANYWHERE);
        } else {
            throw new IllegalStateException("no call for " + first);
        }
        return position.retryWhen(again)
                .map(found -> Ack.of(call.traceId(), found, first))
                .flux();
    }

    /**
     * Everything that a trace is to hold. By its number modulo four: steps one after another, steps side by side, steps with a
     * decision among them, lists. Every fifth trace is never completed.
     */
    static List<Call> calls(int number) {
        List<JournalEvent> steps =
                IntStream.range(0, STEPS).mapToObj(step -> step(number, step)).toList();
        List<List<JournalEvent>> parts = new ArrayList<>();
        if (number % 4 == 3) {
            parts.add(steps.subList(0, 4));
            parts.add(List.of(steps.get(4), note(number, 0), note(number, 1), steps.get(5)));
            parts.add(steps.subList(6, STEPS));
        } else {
            steps.forEach(step -> parts.add(List.of(step)));
        }
        if (number % 4 == 2) {
            parts.add(4, List.of(decision(number)));
        }
        if (number % 5 != 4) {
            parts.add(List.of(new Completed(Completion.of(CompletionState.SUCCESS, at(number, STEPS)))));
        }
        List<Call> calls = new ArrayList<>();
        long position = 0;
        for (List<JournalEvent> part : parts) {
            calls.add(new Call(traceId(number), position, part));
            position += part.size();
        }
        return calls;
    }

    private static JournalEvent step(int number, int step) {
        return new StepRecorded(PersistenceEnvelope.of(
                        traceId(number), "durability", step, "node-" + step, Outcome.SUCCESS, at(number, step))
                .withPayload(payload(number, step)));
    }

    private static JournalEvent note(int number, int index) {
        return new Custom("note-" + index, payload(number, 20 + index), at(number, 5));
    }

    private static JournalEvent decision(int number) {
        return new Intervened(Intervention.of("decision", "node-7", InterventionAction.RERUN, at(number, 4))
                .withPayload(payload(number, 30)));
    }

    private static Instant at(int number, int step) {
        return Instant.EPOCH.plusSeconds(number).plusMillis(step);
    }

    /** Mostly small, sometimes larger than a page of any database. */
    private static Payload payload(int number, int salt) {
        Random random = new Random(number * 100L + salt);
        byte[] bytes = new byte[random.nextInt(16) == 0 ? 10_000 + random.nextInt(30_000) : random.nextInt(600)];
        random.nextBytes(bytes);
        return Payload.owning(bytes, "application/octet-stream");
    }
}
