package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Failure;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A step with more to say than its name and type. Immutable: each call gives a new object.
 *
 * <pre>{@code
 * StepOptions<Receipt> charge = StepOptions.of("charge", Receipt.class)
 *         .retry(RetryPolicy.exponential(5, Duration.ofMillis(200)).jitter(0.5))
 *         .timeout(Duration.ofSeconds(10))
 *         .compensate(receipt -> payments.refund(receipt));
 * Mono<Receipt> receipt = ctx.step(charge, step -> payments.charge(order, step.idempotencyKey()));
 * }</pre>
 *
 * @param <T> the type of the result
 */
public final class StepOptions<T> {

    private record Parts<T>(
            String name,
            Type type,
            @Nullable StepPolicy policy,
            boolean marked,
            boolean atMostOnce,
            @Nullable Predicate<? super T> errorValue,
            @Nullable Function<Failure, ? extends Mono<T>> fallback,
            @Nullable Function<? super T, ? extends Mono<?>> undo) {}

    private final Parts<T> parts;

    private StepOptions(Parts<T> parts) {
        this.parts = parts;
    }

    /**
     * A step by name and type.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param type the type of the result; {@code Void.class} for none
     * @param <T> the type of the result
     * @return the step
     */
    public static <T> StepOptions<T> of(String name, Class<T> type) {
        return ofType(name, type);
    }

    /**
     * A step by name and type with parameters.
     *
     * @param name the name of the step
     * @param type the type of the result
     * @param <T> the type of the result
     * @return the step
     */
    public static <T> StepOptions<T> of(String name, TypeReference<T> type) {
        return ofType(name, type.getType());
    }

    static <T> StepOptions<T> ofType(String name, Type type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new StepOptions<>(new Parts<>(name, type, null, false, false, null, null, null));
    }

    /**
     * Sets the whole policy, instead of what the workflow has for steps of this name.
     *
     * @param policy attempts, limit and end
     * @return the step with it
     */
    public StepOptions<T> policy(StepPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(parts.marked, parts.atMostOnce, policy, parts.errorValue, parts.fallback, parts.undo);
    }

    /**
     * Sets how often the function is tried.
     *
     * @param retry the attempts
     * @return the step with it
     * @throws IllegalArgumentException if the step runs at most once
     */
    public StepOptions<T> retry(RetryPolicy retry) {
        return policy(own(policy -> policy.withRetry(retry)));
    }

    /**
     * Sets how long one attempt may take. The function is cancelled then.
     *
     * @param timeout more than zero
     * @return the step with it
     * @throws IllegalArgumentException if it is not
     */
    public StepOptions<T> timeout(Duration timeout) {
        return policy(own(policy -> policy.withTimeout(timeout)));
    }

    /**
     * Sets what follows when no attempt is left.
     *
     * @param onFailure signal, skip or halt
     * @return the step with it
     */
    public StepOptions<T> onFailure(OnFailure onFailure) {
        return policy(own(policy -> policy.withOnFailure(onFailure)));
    }

    /**
     * Counts some results as failures: they are retried as errors are, and are no result of the step.
     *
     * @param errorValue tells whether a result is a failure; not asked about an empty one
     * @return the step with it
     */
    public StepOptions<T> failOn(Predicate<? super T> errorValue) {
        Objects.requireNonNull(errorValue, "errorValue");
        return with(parts.marked, parts.atMostOnce, parts.policy, errorValue, parts.fallback, parts.undo);
    }

    /**
     * Does something else when no attempt is left: its result is the step's, its error the step's failure.
     *
     * @param fallback gives the Mono to take instead
     * @return the step with it
     */
    public StepOptions<T> fallback(Function<Failure, ? extends Mono<T>> fallback) {
        Objects.requireNonNull(fallback, "fallback");
        return with(parts.marked, parts.atMostOnce, parts.policy, parts.errorValue, fallback, parts.undo);
    }

    /**
     * Says how the step is taken back if the trace fails, is cancelled or runs out of time. Done in the reverse order of the
     * results, each as a recorded step of its own, at least once.
     *
     * @param undo gives the Mono that takes the result back
     * @return the step with it
     */
    public StepOptions<T> compensate(Function<? super T, ? extends Mono<?>> undo) {
        Objects.requireNonNull(undo, "undo");
        return with(parts.marked, parts.atMostOnce, parts.policy, parts.errorValue, parts.fallback, undo);
    }

    /**
     * Records each attempt before it begins, at the cost of one more record.
     *
     * @return the step with it
     */
    public StepOptions<T> markStart() {
        return with(true, parts.atMostOnce, parts.policy, parts.errorValue, parts.fallback, parts.undo);
    }

    /**
     * Never runs the function twice: each attempt is recorded before it begins, and one that has no end on record after a crash
     * is in doubt; the trace waits at this node until a person decides. The function is not retried by policy.
     *
     * @return the step with it
     * @throws IllegalArgumentException if the step is to be retried
     */
    public StepOptions<T> atMostOnce() {
        return with(true, true, parts.policy, parts.errorValue, parts.fallback, parts.undo);
    }

    private StepPolicy own(UnaryOperator<StepPolicy> change) {
        return change.apply(parts.policy == null ? StepPolicy.defaults() : parts.policy);
    }

    private StepOptions<T> with(
            boolean marked,
            boolean atMostOnce,
            @Nullable StepPolicy policy,
            @Nullable Predicate<? super T> errorValue,
            @Nullable Function<Failure, ? extends Mono<T>> fallback,
            @Nullable Function<? super T, ? extends Mono<?>> undo) {
        if (atMostOnce && policy != null && !policy.retry().isNone()) {
            throw new IllegalArgumentException("step '" + parts.name + "' cannot both run at most once and be retried");
        }
        return new StepOptions<>(
                new Parts<>(parts.name, parts.type, policy, marked, atMostOnce, errorValue, fallback, undo));
    }

    String name() {
        return parts.name;
    }

    Type type() {
        return parts.type;
    }

    @Nullable
    StepPolicy policy() {
        return parts.policy;
    }

    boolean isMarked() {
        return parts.marked;
    }

    boolean isAtMostOnce() {
        return parts.atMostOnce;
    }

    boolean isErrorValue(@Nullable T value) {
        return value != null && parts.errorValue != null && parts.errorValue.test(value);
    }

    @Nullable
    Function<Failure, ? extends Mono<T>> fallback() {
        return parts.fallback;
    }

    @Nullable
    Function<? super T, ? extends Mono<?>> undo() {
        return parts.undo;
    }
}
