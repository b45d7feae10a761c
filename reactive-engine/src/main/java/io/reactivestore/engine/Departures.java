package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What leaves a trace together with its end, or when it is put aside. */
final class Departures {

    private final EngineConfig config;

    Departures(EngineConfig config) {
        this.config = config;
    }

    /**
     * What leaves with the end of a trace.
     *
     * @param how the end it would have had if nothing had been taken back
     */
    List<Outgoing> with(Run run, Completion end, CompletionState how) {
        DeadLetterCause cause = causeOf(how);
        Workflow<?, ?> workflow = run.workflow();
        List<EndPolicy.Told> told = workflow.traits().ends().told();
        List<Outgoing> outgoing = new ArrayList<>(1 + told.size());
        if (cause != null && sends(workflow)) {
            outgoing.add(letter(run.traceId(), workflow.name(), workflow.version(), cause, end.failure(), end.at()));
        } else if (config.deadLetters() != null && !run.opening().isNew()) {
            // it may have been put aside and taken up by hand; its journal tells, but this asks for no read
            outgoing.add(new Outgoing.Settled(run.traceId(), "the trace went on and ended: " + end.state(), end.at()));
        }
        for (EndPolicy.Told each : told) {
            if (each.states().contains(end.state())) {
                outgoing.add(delivery(run, each.endpoint(), end));
            }
        }
        return outgoing;
    }

    /** The id follows from what is told to whom: written once more, it is the same delivery. */
    private static Outgoing delivery(Run run, String endpoint, Completion end) {
        String what = run.traceId() + "\n" + endpoint + "\n" + end.state();
        String id = Sha256.of(what.getBytes(StandardCharsets.UTF_8)).toString();
        Workflow<?, ?> workflow = run.workflow();
        return new Outgoing.ToWebhook(Delivery.due(
                id,
                run.traceId(),
                workflow.name(),
                workflow.version(),
                endpoint,
                end.state().name(),
                DeliveryBody.of(id, run, end),
                end.at()));
    }

    private static @Nullable DeadLetterCause causeOf(CompletionState how) {
        return switch (how) {
            case FAULT -> DeadLetterCause.FAULT;
            case TIMED_OUT -> DeadLetterCause.TIMED_OUT;
            default -> null;
        };
    }

    /** What leaves when a trace is put aside. */
    List<Outgoing> aside(TraceHead head, Workflow<?, ?> workflow, int recoveries, Instant at) {
        Failure failure = new Failure("recovery", "taken over " + recoveries + " times without any progress", null);
        return sends(workflow)
                ? List.of(
                        letter(head.traceId(), head.workflow(), head.version(), DeadLetterCause.RECOVERY, failure, at))
                : List.of();
    }

    private boolean sends(Workflow<?, ?> workflow) {
        return config.deadLetters() != null && workflow.traits().deadLetters().sends();
    }

    private static Outgoing letter(
            String traceId,
            String workflow,
            String version,
            DeadLetterCause cause,
            @Nullable Failure failure,
            Instant at) {
        return new Outgoing.ToDeadLetters(DeadLetter.pending(traceId, traceId, workflow, version, cause, at)
                .withFailure(failure));
    }
}
