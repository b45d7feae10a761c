package io.reactivestore;

import io.reactivestore.internal.Check;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as it is recorded. Texts are made storable when the record is made: NUL and broken surrogates become
 * U+FFFD, and what exceeds 8,000 characters is cut and ends in {@code …}.
 *
 * <pre>{@code
 * Failure failure = Failure.of(new IllegalStateException("card declined"));
 * }</pre>
 *
 * @param type the kind of failure, often the class name of an exception; 1 to 1,000 characters
 * @param message what happened, or null
 * @param detail more of it, such as a stack trace, or null
 */
public record Failure(
        String type, @Nullable String message, @Nullable String detail) {

    /**
     * Checks the type and makes the texts storable.
     *
     * @param type 1 to 1,000 characters without control characters
     * @param message any text, or null
     * @param detail any text, or null
     * @throws IllegalArgumentException if the type is not of that form
     */
    public Failure {
        Check.name("failure type", type, Check.NODE_CHARS);
        message = Check.text(message);
        detail = Check.text(detail);
    }

    /**
     * Records an exception by its class name and message.
     *
     * @param error the exception
     * @return its failure, without detail
     */
    public static Failure of(Throwable error) {
        return new Failure(error.getClass().getName(), error.getMessage(), null);
    }
}
