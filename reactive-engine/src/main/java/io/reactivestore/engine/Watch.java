package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Follows the journal of a trace up to its end and puts the entries into the words of the engine. */
final class Watch {

    private final EngineConfig config;
    private final Journal journal;

    Watch(EngineConfig config) {
        this.config = config;
        this.journal = config.journal();
    }

    Flux<TraceUpdate> updates(String traceId, long afterPosition) {
        return endOf(traceId)
                .flatMapMany(end -> end < afterPosition
                        ? Flux.error(beyond(traceId, afterPosition, end))
                        : entries(traceId, afterPosition, end))
                .concatMap(config.payloads()::restored, 0)
                .mapNotNull(this::update);
    }

    private Mono<Long> endOf(String traceId) {
        return Mono.defer(() -> config.claims().positions(List.of(traceId)))
                .mapNotNull(positions -> positions.get(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)));
    }

    private static IllegalArgumentException beyond(String traceId, long afterPosition, long end) {
        return new IllegalArgumentException("the journal of trace '" + traceId + "' ends at position " + end
                + ", so nobody can have seen position " + afterPosition);
    }

    private Flux<JournalEntry> entries(String traceId, long afterPosition, long end) {
        if (afterPosition < end) {
            return untilEnd(traceId, afterPosition);
        }
        return journal.read(traceId, end - 1)
                .next()
                .flatMapMany(last -> isEnd(last) ? Flux.empty() : untilEnd(traceId, afterPosition));
    }

    /** A failed trace may have become a compensated one since. */
    private Flux<JournalEntry> untilEnd(String traceId, long afterPosition) {
        return Flux.defer(() -> {
            AtomicLong failedAt = new AtomicLong();
            return journal.follow(traceId, afterPosition)
                    .takeUntil(Watch::isEnd)
                    .doOnNext(entry -> {
                        if (entry.event() instanceof JournalEvent.Completed end
                                && end.completion().state() == CompletionState.FAULT) {
                            failedAt.set(entry.position());
                        }
                    })
                    .concatWith(Flux.defer(
                            () -> failedAt.get() == 0 ? Flux.empty() : journal.read(traceId, failedAt.get())));
        });
    }

    private static boolean isEnd(JournalEntry entry) {
        return entry.event() instanceof JournalEvent.Completed;
    }

    /** Null for what is the engine's own business. */
    private @Nullable TraceUpdate update(JournalEntry entry) {
        JournalEvent event = entry.event();
        if (event instanceof JournalEvent.StepRecorded recorded) {
            return step(entry, recorded.envelope());
        } else if (event instanceof JournalEvent.Intervened decided) {
            String node = decided.intervention().targetNode();
            return new TraceUpdate.Decided(entry, decided.intervention(), value(entry, node));
        } else if (event instanceof JournalEvent.Resumed resumed) {
            return new TraceUpdate.Resumed(entry, resumed.fromStep());
        } else if (event instanceof JournalEvent.Claimed claimed) {
            return new TraceUpdate.Claimed(entry, claimed.owner());
        } else if (event instanceof JournalEvent.Suspended suspended) {
            return new TraceUpdate.Suspended(entry, suspended.wakeAt());
        } else if (event instanceof JournalEvent.Completed end) {
            return new TraceUpdate.Ended(entry, end.completion(), value(entry, "the end"));
        } else if (event instanceof JournalEvent.Custom custom) {
            return custom.type().equals(EngineEvent.DeadLettered.RECORD)
                    ? new TraceUpdate.DeadLettered(entry)
                    : new TraceUpdate.Noted(entry, custom.type(), value(entry, custom.type()));
        }
        return null;
    }

    private @Nullable TraceUpdate step(JournalEntry entry, PersistenceEnvelope envelope) {
        String node = envelope.nodeId();
        if (node.equals(TraceMeta.NODE) || Shape.isGraph(envelope)) {
            return null;
        }
        if (node.equals(Unwinding.NODE)) {
            return takingBack(entry, envelope.payload());
        }
        if (History.isStart(envelope)) {
            return new TraceUpdate.Started(entry, envelope.workflow(), envelope.version(), value(entry, node));
        }
        Wait waits = waitOf(envelope);
        if (envelope.outcome() == Outcome.STARTED) {
            return waits == null
                    ? new TraceUpdate.StepBegun(entry, envelope.step(), node, envelope.attempt())
                    : new TraceUpdate.Waiting(entry, waits);
        }
        int emit = node.indexOf(StepKeys.EMIT);
        return emit >= 0 && envelope.outcome() == Outcome.SUCCESS
                ? progress(entry, node, emit)
                : new TraceUpdate.StepRecorded(entry, envelope, value(entry, node), History.isResult(envelope), waits);
    }

    private static @Nullable TraceUpdate takingBack(JournalEntry entry, @Nullable Payload payload) {
        Unwinding.Plan plan =
                payload == null ? null : (Unwinding.Plan) JsonCodec.INSTANCE.decode(payload, Unwinding.Plan.class);
        return plan == null ? null : new TraceUpdate.TakingBack(entry, plan.how(), plan.keys());
    }

    private TraceUpdate progress(JournalEntry entry, String key, int emit) {
        int repetition = key.indexOf('#', emit);
        String name = key.substring(emit + StepKeys.EMIT.length(), repetition < 0 ? key.length() : repetition);
        String scope = emit == 0 ? "" : key.substring(0, emit - 1);
        return new TraceUpdate.Progress(entry, scope, name, value(entry, key));
    }

    /** Null also if the record is not an engine's. */
    private static @Nullable Wait waitOf(PersistenceEnvelope envelope) {
        if (envelope.outcome() == Outcome.STARTED && envelope.payload() == null) {
            return null;
        }
        try {
            return Decisions.wait(envelope);
        } catch (PayloadCodecException foreign) {
            return null;
        }
    }

    private RecordedValue value(JournalEntry entry, String node) {
        return new RecordedValue(entry.event().payload(), config.codec(), entry.traceId(), node);
    }
}
