package io.reactivestore.engine;

import io.reactivestore.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the mark of a wait says, as JSON: what is waited for, so that anybody can list it, and until when, so that a restart does
 * not begin the wait again.
 *
 * @param kind what is waited for
 * @param type the type of the decision, as {@link Types#nameOf} gives it, or null
 * @param until when the wait ends by itself, or null
 * @param traceId the trace that is waited for, or null
 */
record WaitNote(
        Wait.Kind kind,
        @Nullable String type,
        @Nullable Instant until,
        @Nullable String traceId) {

    static final Payload NOTHING = Payload.json("null");

    Payload toPayload() {
        return JsonCodec.INSTANCE.encode(this, WaitNote.class);
    }

    static @Nullable WaitNote of(@Nullable Payload payload) {
        return payload == null ? null : (WaitNote) JsonCodec.INSTANCE.decode(payload, WaitNote.class);
    }
}
