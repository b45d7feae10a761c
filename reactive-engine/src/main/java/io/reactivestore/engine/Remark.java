package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.PersistenceEnvelope;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What follows a failed attempt. It is recorded in words, as the detail of the failure, so that a replay does what was announced
 * even if the policy has changed, and an operator can read it. A failure without a remark is final.
 *
 * @param kind what follows
 * @param at when, for another attempt
 */
record Remark(Kind kind, @Nullable Instant at) {

    enum Kind {
        NEXT_ATTEMPT("next attempt at "),
        FALLBACK("fallback follows"),
        HALTED("waits for a decision"),
        RERUN("runs again as decided"),
        REFUSED("decision refused");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    static final Remark FALLBACK = new Remark(Kind.FALLBACK, null);
    static final Remark HALTED = new Remark(Kind.HALTED, null);
    static final Remark RERUN = new Remark(Kind.RERUN, null);
    static final Remark REFUSED = new Remark(Kind.REFUSED, null);

    static Remark nextAttempt(Instant at) {
        return new Remark(Kind.NEXT_ATTEMPT, at);
    }

    Failure on(Failure failure) {
        return new Failure(failure.type(), failure.message(), at == null ? kind.words : kind.words + at);
    }

    static @Nullable Remark of(PersistenceEnvelope envelope) {
        String detail = envelope.failure() == null ? null : envelope.failure().detail();
        if (detail == null) {
            return null;
        }
        if (detail.startsWith(Kind.NEXT_ATTEMPT.words)) {
            try {
                return nextAttempt(Instant.parse(detail.substring(Kind.NEXT_ATTEMPT.words.length())));
            } catch (DateTimeParseException foreign) {
                return null;
            }
        }
        for (Remark remark : new Remark[] {FALLBACK, HALTED, RERUN, REFUSED}) {
            if (detail.equals(remark.kind.words)) {
                return remark;
            }
        }
        return null;
    }
}
