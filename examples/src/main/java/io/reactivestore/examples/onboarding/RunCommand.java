package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.examples.onboarding.Onboarding.Employee;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

@picocli.CommandLine.Command(
        name = "run",
        description = "Start an onboarding, or go on with the one of this id. Stops at the manager's approval.")
final class RunCommand extends Command {

    private static final Duration LOOK = Duration.ofSeconds(1);

    @Option(names = "--id", paramLabel = "ID", description = "The trace. Default: made of the name.")
    private @Nullable String id;

    @Option(names = "--name", paramLabel = "NAME", description = "Who begins work. Default: ${DEFAULT-VALUE}.")
    private String name = "New Colleague";

    @Option(
            names = "--wait",
            description = "Stay until the end. Decide in another terminal: demo approve ID --save-only")
    private boolean waits;

    @Option(names = "--crash-in-undo", description = "Kill the JVM behind the first step that is taken back.")
    private boolean crashes;

    @Override
    public Integer call() {
        String trace = id == null ? newId(name) : id;
        boolean ended = run(trace);
        while (!ended && waits) {
            awaitDecision(trace);
            ended = run(trace);
        }
        return ExitCode.OK;
    }

    private boolean run(String trace) {
        Progress progress = (crashes ? Progress.dyingInUndo(terminal()) : Progress.shownOn(terminal())).of(trace);
        try (Session session = openNew()) {
            DurableEngine engine = session.engine(progress);
            Mono<Receipt> run = engine.run(session.workflow(), trace, new Employee(name));
            if (waits && !new DatabaseUrl(main().url()).isFile()) {
                // the engine hears of the decision
                progress.waiting().subscribe(this::tellWaiting);
                return tell(trace, progress, run, Mono.never());
            }
            return tell(trace, progress, run, progress.waiting());
        }
    }

    /** The file is closed meanwhile, since H2 lets one process in at a time. */
    private void awaitDecision(String trace) {
        terminal().line(terminal().dim("This process waits on, with the database closed. It looks every second."));
        terminal().out().flush();
        boolean decided = false;
        while (!decided) {
            Mono.delay(LOOK).block();
            try (Session session = openExisting()) {
                TraceHead head =
                        session.store().require(Capability.CATALOG).find(trace).block();
                decided = head != null && (head.status() != TraceStatus.WAITING || isDue(head));
            }
        }
    }

    private static boolean isDue(TraceHead head) {
        return head.dueAt() != null && !head.dueAt().isAfter(Instant.now());
    }

    /** Short enough to type. */
    static String newId(String name) {
        String first = name.strip().toLowerCase(Locale.ROOT).split("\\W+", 2)[0];
        String tail =
                Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36, 36 * 36 * 36 * 36 * 36), 36);
        return (first.isEmpty() ? "employee" : first) + "-" + tail;
    }
}
