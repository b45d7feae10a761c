package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** One call of a step or a wait. Each subscription to its Mono replays what is on record or is one more attempt. */
final class StepCall<T> {

    private final Run run;
    private final String name;
    private final String key;
    private final Type type;
    private final VerdictSource<T> source;
    private volatile @Nullable Recording recording;
    private volatile long number;

    StepCall(Run run, String name, String key, Type type, VerdictSource<T> source) {
        this.run = run;
        this.name = name;
        this.key = key;
        this.type = type;
        this.source = source;
    }

    Mono<T> mono() {
        return Mono.deferContextual(this::subscription);
    }

    private Mono<T> subscription(ContextView context) {
        PersistenceEnvelope earlier = run.history().newest(key);
        if (earlier != null && History.isResult(earlier)) {
            return replay(earlier);
        }
        Recording unheard = recording;
        if (unheard != null && unheard.isUnderWay()) {
            // a cancelled subscription left its result to be recorded: running the function again would do it twice
            return unheard.heard().then(mono());
        }
        if (run.isStopping()) {
            run.stopIfIdle();
            return Mono.never();
        }
        LiveStep live = run.enter(name, source.waits());
        if (live == null) {
            return run.halted(new DuplicateStepException(run.traceId(), name));
        }
        StepContext attempt = attempt(earlier);
        return Mono.defer(() -> source.next(attempt))
                .onErrorResume(run::halted)
                .flatMap(verdict -> live.beginRecording() ? record(attempt, verdict, live, context) : Mono.never())
                .doOnCancel(live::cancel)
                .doAfterTerminate(run::stopIfIdle);
    }

    private StepContext attempt(@Nullable PersistenceEnvelope earlier) {
        if (number == 0) {
            number = earlier == null ? run.history().nextStep() : earlier.step();
        }
        String idempotencyKey =
                Sha256.of((run.traceId() + '\n' + key).getBytes(UTF_8)).toString();
        int attempt = earlier == null ? 1 : earlier.attempt() + 1;
        return new StepContext(run.traceId(), key, number, attempt, idempotencyKey);
    }

    private Mono<T> record(StepContext attempt, Verdict<T> verdict, LiveStep live, ContextView context) {
        PersistenceEnvelope envelope = run.envelope(attempt.step(), key, verdict.outcome())
                .withAttempt(attempt.attempt())
                .withPayload(verdict.payload())
                .withFailure(verdict.failure())
                .withIdempotencyKey(attempt.idempotencyKey());
        Recording started = Recording.start(run, envelope, live, context);
        recording = started;
        return started.heard().then(verdict.then());
    }

    private Mono<T> replay(PersistenceEnvelope recorded) {
        run.tell(recorded, true);
        return switch (recorded.outcome()) {
            case SUCCESS -> decoded(recorded);
            case FAULT -> Mono.error(InterventionFailedException.recorded(run.traceId(), recorded));
            case SKIPPED, STARTED -> Mono.empty();
        };
    }

    @SuppressWarnings("unchecked")
    private Mono<T> decoded(PersistenceEnvelope recorded) {
        try {
            return Mono.justOrEmpty((T) run.decode(key, recorded.payload(), type));
        } catch (PayloadCodecException misfit) {
            return run.halted(misfit);
        }
    }
}
