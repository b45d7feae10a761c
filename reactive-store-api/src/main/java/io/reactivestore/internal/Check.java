package io.reactivestore.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Argument checks shared by all records; not part of the public contract. Each failure is an
 * {@link IllegalArgumentException} that names the argument, the rule and the size found, never the content.
 *
 * <pre>{@code
 * String node = Check.name("nodeId", "charge-card", Check.NODE_CHARS);
 * }</pre>
 */
public final class Check {

    /** The longest id of a trace, in UTF-16 units, as all limits here. */
    public static final int TRACE_ID_CHARS = 255;
    /** The longest name of a workflow, an operator, a decision or a custom event. */
    public static final int NAME_CHARS = 255;
    /** The longest name of a step, and the longest idempotency key. */
    public static final int NODE_CHARS = 1_000;
    /** The longest version of a workflow. */
    public static final int VERSION_CHARS = 100;
    /** Where free text is cut. */
    public static final int TEXT_CHARS = 8_000;

    private static final Instant EARLIEST = Instant.parse("1583-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Check() {}

    /**
     * The id of a trace: a {@link #name name} of 1 to {@value #TRACE_ID_CHARS} characters.
     *
     * @param value what the caller gave
     * @return the same
     */
    public static String traceId(@Nullable String value) {
        return name("traceId", value, TRACE_ID_CHARS);
    }

    /**
     * A name that is safe as a key in any store: 1 to {@code max} characters, no control characters, well-formed UTF-16.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @param max the longest that is allowed
     * @return the value
     */
    public static String name(String what, @Nullable String value, int max) {
        if (value == null) {
            throw new IllegalArgumentException(what + " is missing");
        }
        int length = value.length();
        if (length == 0 || length > max) {
            throw new IllegalArgumentException(what + " must have 1 to " + max + " characters, found " + length);
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c <= '~') {
                continue;
            }
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(what + " has a control character at index " + i);
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == length
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw new IllegalArgumentException(what + " has half a surrogate pair at index " + i);
                }
                i++;
            }
        }
        return value;
    }

    /**
     * A {@link #name name} that may be missing.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @param max the longest that is allowed
     * @return the value, or null if it is null
     */
    public static @Nullable String nameOrNull(String what, @Nullable String value, int max) {
        return value == null ? null : name(what, value, max);
    }

    /**
     * Free text made storable everywhere: NUL and halves of surrogate pairs become U+FFFD, and what exceeds
     * {@value #TEXT_CHARS} characters is cut and ends in {@code …}. Never fails.
     *
     * @param value what the caller gave
     * @return the text to store, or null if the value is null
     */
    public static @Nullable String text(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String text = value;
        if (text.length() > TEXT_CHARS) {
            int end = Character.isHighSurrogate(text.charAt(TEXT_CHARS - 2)) ? TEXT_CHARS - 2 : TEXT_CHARS - 1;
            text = text.substring(0, end) + "…";
        }
        return isStorable(text) ? text : repaired(text);
    }

    /**
     * A {@link #text text} that must say something.
     *
     * @param value what the caller gave
     * @return the text to store
     */
    public static String reason(@Nullable String value) {
        String reason = text(present("reason", value));
        if (reason == null || reason.isBlank()) {
            throw new IllegalArgumentException("reason must not be blank");
        }
        return reason;
    }

    /**
     * A number that is not below its minimum.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @param min the smallest that is allowed
     * @return the value
     */
    public static long atLeast(String what, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(what + " must be at least " + min + ", found " + value);
        }
        return value;
    }

    /**
     * A number that is not above its maximum.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @param max the largest that is allowed
     * @return the value
     */
    public static long atMost(String what, long value, long max) {
        if (value > max) {
            throw new IllegalArgumentException(what + " must be at most " + max + ", found " + value);
        }
        return value;
    }

    /**
     * A time that every store can hold, years 1583 (the Gregorian
     * calendar: drivers differ before) to 9999, cut to microseconds.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @return the time in whole microseconds
     */
    public static Instant instant(String what, @Nullable Instant value) {
        Instant time = present(what, value);
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " must lie in the years 1583 to 9999, found " + time);
        }
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * A {@link #instant time} that may be missing.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @return the time in whole microseconds, or null if it is null
     */
    public static @Nullable Instant instantOrNull(String what, @Nullable Instant value) {
        return value == null ? null : instant(what, value);
    }

    /**
     * A value that must be there.
     *
     * @param what names the argument in the message
     * @param value what the caller gave
     * @param <T> its type
     * @return the value
     */
    public static <T> T present(String what, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(what + " is missing");
        }
        return value;
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static String repaired(String text) {
        StringBuilder repaired = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }
}
