package io.reactivestore.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.reactivestore.Completion;
import io.reactivestore.Failure;
import io.reactivestore.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint is told, as JSON.
 *
 * @param delivery the id of the delivery
 * @param trace the trace
 * @param workflow the workflow it ran
 * @param version the version of the workflow
 * @param state how the trace ended
 * @param at when
 * @param result the result as the codec wrote it, if that is JSON
 * @param failure what went wrong, without detail
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryBody(
        String delivery,
        String trace,
        String workflow,
        String version,
        String state,
        Instant at,
        @JsonRawValue @Nullable String result,
        @Nullable Cause failure) {

    record Cause(String type, @Nullable String message) {}

    static Payload of(String delivery, Run run, Completion end) {
        Workflow<?, ?> workflow = run.workflow();
        Payload result = end.result();
        Failure failure = end.failure();
        DeliveryBody body = new DeliveryBody(
                delivery,
                run.traceId(),
                workflow.name(),
                workflow.version(),
                end.state().name(),
                end.at(),
                result == null || !result.mediaType().equals(Payload.JSON) ? null : result.asText(),
                failure == null ? null : new Cause(failure.type(), failure.message()));
        return JsonCodec.INSTANCE.encode(body, DeliveryBody.class);
    }
}
