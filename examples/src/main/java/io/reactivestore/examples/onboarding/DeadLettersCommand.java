package io.reactivestore.examples.onboarding;

import io.reactivestore.Capability;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.engine.DurableEngine;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "dead-letters",
        description = "List what failed for good; replay a letter as a new trace, or resolve it.")
final class DeadLettersCommand extends Command {

    enum Action {
        LIST,
        REPLAY,
        RESOLVE
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            description = "list, replay or resolve. Default: list.")
    private Action action = Action.LIST;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description = "The letter, which has the id of its trace.")
    private @Nullable String id;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is resolved; kept on record.")
    private @Nullable String reason;

    @Override
    public Integer call() {
        try (Session session = openExisting()) {
            switch (action) {
                case LIST -> list(session.store().require(Capability.DEAD_LETTERS));
                case REPLAY -> replay(session, letter());
                case RESOLVE -> resolve(session.store().require(Capability.DEAD_LETTERS), letter());
            }
            return ExitCode.OK;
        }
    }

    private String letter() {
        if (id == null) {
            throw new DemoException(ExitCode.USAGE, "name the letter. See: demo dead-letters");
        }
        return id;
    }

    private void list(DeadLetters letters) {
        List<DeadLetter> all = letters.list(DeadLetterQuery.all()).collectList().block();
        if (all == null || all.isEmpty()) {
            terminal().line("There is no dead letter.");
            return;
        }
        Table table = new Table("LETTER", "WORKFLOW", "CAUSE", "FAILURE", "STATE", "REPLAY", "SINCE");
        all.forEach(letter -> table.row(
                false,
                letter.id(),
                letter.workflow() + ":" + letter.version(),
                letter.cause().name(),
                letter.failure() == null ? "" : letter.failure().type(),
                letter.state().name(),
                Objects.requireNonNullElse(letter.replay(), ""),
                Table.time(letter.createdAt())));
        table.printTo(terminal());
    }

    private void replay(Session session, String letter) {
        Progress progress = Progress.shownOn(terminal());
        DurableEngine engine = session.engine(progress);
        String replay = Objects.requireNonNull(engine.replay(letter).block());
        progress.of(replay);
        terminal().line("Dead letter " + letter + " is replayed as trace " + replay + ".");
        tell(replay, progress, engine.result(session.workflow(), replay));
    }

    private void resolve(DeadLetters letters, String letter) {
        if (reason == null) {
            throw new DemoException(ExitCode.USAGE, "say why with --reason.");
        }
        letters.resolve(letter, reason, Instant.now()).block();
        terminal().line("Dead letter " + letter + " is resolved.");
    }
}
