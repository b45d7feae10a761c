package io.reactivestore.engine.webhook;

import io.reactivestore.engine.PayloadTransform;
import io.reactivestore.engine.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How deliveries are sent.
 *
 * <pre>{@code
 * WebhookConfig config = WebhookConfig.defaults().withTimeout(Duration.ofSeconds(5)).withMaxAtOnce(50);
 * }</pre>
 *
 * @param retry how often a delivery is tried and how long to wait in between; its predicate sees a
 *     {@link WebhookAnswerException} where there was an answer, and what it throws gives the delivery up. What an endpoint asks
 *     for with {@code Retry-After} counts where it is longer, up to the policy's longest delay
 * @param timeout how long one attempt may take, from connecting to the end of the answer
 * @param maxAtOnce how many deliveries are under way at once, to all endpoints
 * @param maxPerEndpoint how many of them to the same endpoint; an endpoint that is slow or down takes no more, so keep it a
 *     fraction of {@code maxAtOnce} if there are several
 * @param pollInterval how often to look for what is due
 * @param allowsPrivateAddresses whether to connect to addresses that are not public, such as those of this machine and of the
 *     local network: else who may name an endpoint could reach what lies behind the firewall
 * @param transforms those of the engines whose traces tell, in their order: by them the bodies are read
 * @param clock whose time deliveries are due by and signed with
 */
public record WebhookConfig(
        RetryPolicy retry,
        Duration timeout,
        int maxAtOnce,
        int maxPerEndpoint,
        Duration pollInterval,
        boolean allowsPrivateAddresses,
        List<PayloadTransform> transforms,
        Clock clock) {

    private static final RetryPolicy PATIENT = RetryPolicy.exponential(15, Duration.ofSeconds(5))
            .maxDelay(Duration.ofHours(6))
            .jitter(0.2);

    /**
     * Checks the numbers.
     *
     * @param retry how often and when
     * @param timeout more than zero, at most 10 minutes
     * @param maxAtOnce 1 to 1,000
     * @param maxPerEndpoint 1 to 1,000
     * @param pollInterval more than zero
     * @param allowsPrivateAddresses whether to connect to addresses that are not public
     * @param transforms by which bodies are read
     * @param clock the time
     * @throws IllegalArgumentException if a number is out of range
     */
    public WebhookConfig {
        Objects.requireNonNull(retry, "retry");
        transforms = List.copyOf(transforms);
        Objects.requireNonNull(clock, "clock");
        require(isPositive(timeout) && timeout.compareTo(Duration.ofMinutes(10)) <= 0, "timeout", timeout);
        require(maxAtOnce >= 1 && maxAtOnce <= 1_000, "maxAtOnce", maxAtOnce);
        require(maxPerEndpoint >= 1 && maxPerEndpoint <= 1_000, "maxPerEndpoint", maxPerEndpoint);
        require(isPositive(pollInterval), "pollInterval", pollInterval);
    }

    /**
     * Fifteen attempts in about two days, ten seconds each, 32 at once, 8 of them to the same endpoint, a look each second, public addresses only.
     *
     * @return the config
     */
    public static WebhookConfig defaults() {
        return new WebhookConfig(
                PATIENT, Duration.ofSeconds(10), 32, 8, Duration.ofSeconds(1), false, List.of(), Clock.systemUTC());
    }

    /**
     * A copy with other attempts.
     *
     * @param retry how often and when
     * @return the copy
     */
    public WebhookConfig withRetry(RetryPolicy retry) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    /**
     * A copy with another timeout.
     *
     * @param timeout more than zero, at most 10 minutes
     * @return the copy
     */
    public WebhookConfig withTimeout(Duration timeout) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    /**
     * A copy with another bound.
     *
     * @param maxAtOnce 1 to 1,000
     * @return the copy
     */
    public WebhookConfig withMaxAtOnce(int maxAtOnce) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    /**
     * A copy with another bound for each endpoint.
     *
     * @param maxPerEndpoint 1 to 1,000
     * @return the copy
     */
    public WebhookConfig withMaxPerEndpoint(int maxPerEndpoint) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    /**
     * A copy that looks at another interval.
     *
     * @param pollInterval more than zero
     * @return the copy
     */
    public WebhookConfig withPollInterval(Duration pollInterval) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    /**
     * A copy that connects to any address, or to public ones only.
     *
     * @param allows whether to connect to addresses that are not public
     * @return the copy
     */
    public WebhookConfig withPrivateAddresses(boolean allows) {
        return new WebhookConfig(retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allows, transforms, clock);
    }

    /**
     * A copy that reads bodies by one more transform, which is applied before those it has.
     *
     * @param transform as {@link io.reactivestore.engine.EngineBuilder#transform} was given it, in the same order
     * @return the copy
     */
    public WebhookConfig withTransform(PayloadTransform transform) {
        List<PayloadTransform> all = new ArrayList<>(transforms);
        all.add(Objects.requireNonNull(transform, "transform"));
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, all, clock);
    }

    /**
     * A copy with another clock.
     *
     * @param clock the time
     * @return the copy
     */
    public WebhookConfig withClock(Clock clock) {
        return new WebhookConfig(
                retry, timeout, maxAtOnce, maxPerEndpoint, pollInterval, allowsPrivateAddresses, transforms, clock);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is out of range: " + found);
        }
    }
}
