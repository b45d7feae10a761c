package io.reactivestore.testkit;

import io.reactivestore.CompletionState;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Draws histories from a seed. The domains are small, so that calls meet each other: duplicates, conflicts, lost claims. */
final class HistoryGenerator {

    static final int STORES = 3;
    static final int TRACES = 2;
    private static final int LENGTH = 40;
    private static final int STEPS = 5;

    private final Random random;
    private int caller;

    HistoryGenerator(long seed) {
        this.random = new Random(seed);
    }

    List<Command> history() {
        List<Command> history = new ArrayList<>();
        for (int i = 0; i < LENGTH; i++) {
            history.add(command());
        }
        return history;
    }

    private Command command() {
        // a process goes on for a while before another one comes, else every other call would be a lost claim
        caller = random.nextInt(3) == 0 ? random.nextInt(STORES) : caller;
        int trace = random.nextInt(TRACES);
        int die = random.nextInt(100);
        if (die < 36) {
            return new Command.Append(caller, trace, step());
        } else if (die < 52) {
            return list(trace);
        } else if (die < 61) {
            return new Command.Resume(caller, trace, random.nextInt(STEPS + 2) - 1);
        } else if (die < 70) {
            return new Command.Intervene(
                    caller, trace, random.nextInt(5), random.nextInt(3), any(InterventionAction.values()));
        } else if (die < 74) {
            return new Command.Claim(caller, trace, off());
        } else if (die < 77) {
            return new Command.Complete(caller, trace, any(CompletionState.values()), random.nextInt(3));
        } else if (die < 79) {
            return new Command.Restart(caller, trace);
        } else if (die < 84) {
            return new Command.Read(caller, trace, random.nextInt(6));
        } else if (die < 88) {
            return new Command.Find(caller, trace);
        }
        return new Command.Load(caller, trace);
    }

    private Command list(int trace) {
        List<Command.Step> steps = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            Command.Step step = step();
            Command.Step first = steps.isEmpty() ? step : steps.get(0);
            Command.Step fitting = new Command.Step(
                    step.step(),
                    step.node(),
                    step.attempt(),
                    step.outcome(),
                    step.payload(),
                    first.workflow(),
                    step.version());
            if (steps.stream().noneMatch(other -> isSame(other, fitting))) {
                steps.add(fitting);
            }
        }
        int notes = steps.isEmpty() ? 0 : random.nextInt(3);
        Integer off = random.nextBoolean() ? null : (Integer) off();
        return new Command.AppendList(caller, trace, off, List.copyOf(steps), notes, ending(), rest());
    }

    private static boolean isSame(Command.Step one, Command.Step other) {
        return one.step() == other.step()
                && one.node() == other.node()
                && one.attempt() == other.attempt()
                && one.outcome() == other.outcome();
    }

    private Command.Step step() {
        int step = random.nextInt(STEPS);
        Outcome outcome = random.nextInt(4) > 0 ? Outcome.SUCCESS : any(Outcome.values());
        int attempt = random.nextInt(4) > 0 ? 1 : 2;
        int workflow = random.nextInt(25) > 0 ? 0 : 1;
        int payload = random.nextInt(5) > 0 ? 1 : random.nextInt(3);
        return new Command.Step(step, step % 3, attempt, outcome, payload, workflow, random.nextInt(2));
    }

    private int off() {
        int die = random.nextInt(10);
        return die == 0 ? -1 : die == 1 ? 1 : 0;
    }

    private @Nullable CompletionState ending() {
        return random.nextInt(12) == 0 ? any(CompletionState.values()) : null;
    }

    private Command.@Nullable Rest rest() {
        return random.nextInt(3) > 0 ? null : new Command.Rest(random.nextBoolean() ? null : random.nextInt(100));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
