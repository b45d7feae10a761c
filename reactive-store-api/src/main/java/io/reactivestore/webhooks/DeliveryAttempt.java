package io.reactivestore.webhooks;

import io.reactivestore.internal.Check;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt at a delivery came to. Of the answer only the status is kept.
 *
 * <pre>{@code
 * DeliveryAttempt attempt = new DeliveryAttempt(Instant.now(), 503, null, Duration.ofMillis(20));
 * String outcome = attempt.outcome();
 * }</pre>
 *
 * @param at when it began, cut to microseconds
 * @param status the status of the answer, or null if there was none
 * @param error the class of what went wrong, or null if there was an answer
 * @param took how long it took, cut to milliseconds
 */
public record DeliveryAttempt(
        Instant at, @Nullable Integer status, @Nullable String error, Duration took) {

    /**
     * Checks the fields and cuts the times.
     *
     * @param at in the years 1583 to 9999
     * @param status 100 to 999, or null
     * @param error 1 to 255 characters without control characters, or null
     * @param took not negative
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public DeliveryAttempt {
        at = Check.instant("at", at);
        if (status != null) {
            Check.atLeast("status", status, 100);
            Check.atMost("status", status, 999);
        }
        Check.nameOrNull("error", error, Check.NAME_CHARS);
        took = Duration.ofMillis(
                Check.atLeast("took", Check.present("took", took).toMillis(), 0));
    }

    /**
     * Gives what it came to, in words.
     *
     * @return the status, or the class of what went wrong
     */
    public String outcome() {
        return status == null ? String.valueOf(error) : "status " + status;
    }
}
