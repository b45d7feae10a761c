package io.reactivestore.engine.webhook;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an endpoint that refuses for now says about when to come back: seconds or a date, see RFC 9110, section 10.2.3. */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("\\d+");

    /** More than any delay, and little enough to be added to any time. */
    private static final Duration LONG = Duration.ofDays(1_000);

    private RetryAfter() {}

    /** Gives how long to stay away; zero if nothing is said that can be understood, or the status is none that asks for it. */
    static Duration of(int status, @Nullable String header, Instant now) {
        if (header == null || (status != 429 && status != 503)) {
            return Duration.ZERO;
        }
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return value.length() > 8 ? LONG : Duration.ofSeconds(Long.parseLong(value));
        }
        Date date = value.isEmpty() ? null : DateFormatter.parseHttpDate(value);
        return date == null || !date.toInstant().isAfter(now) ? Duration.ZERO : Duration.between(now, date.toInstant());
    }
}
