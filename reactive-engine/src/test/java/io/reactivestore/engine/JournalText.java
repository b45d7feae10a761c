package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a journal as words.
 *
 * <pre>
 * a  a=v               a succeeded, with its own name or v       a:skipped          was skipped
 * a:started            is marked as begun                        a:waits a:waits9s  waits for a decision, until then
 * a:sleeps9s           sleeps until then                         a:child            waits for another trace
 * a:failed             failed for good                           a:failed(halted)   and waits for a decision
 * a:failed(next9s)     the next attempt is then                  a:failed(fallback) the fallback follows
 * a:failed(rerun)      is to run again, as decided               a:failed(refused)  a decision was refused
 * unwind(b,a)          b and a are about to be taken back        undo(a) emit(p)    a was; p was told
 * +a=v +a:skip +a:fail +a:rerun +a:rerun=v +cancel               somebody decided
 * back1 claimed waits waits9s                                    rewound, taken over, waits in the database
 * done=v FAULT CANCELLED COMPENSATED TIMED_OUT                   the end
 * </pre>
 */
final class JournalText {

    /** What the engine's own nodes are called in words. */
    private static final Map<String, String> OWN = Map.of("undo", "$undo:", "emit", StepKeys.EMIT);

    private static final Pattern DECISION = Pattern.compile("\\+([^:=]+)(?::(skip|fail|rerun))?(?:=(.*))?");
    private static final Pattern STEP = Pattern.compile(
            "(unwind\\([^)]*\\)|undo\\([^)]*\\)|emit\\([^)]*\\)|[^:=]+)(?::([a-z]+)(\\d+s)?(?:\\((\\w+?)(\\d+s)?\\))?)?(?:=(.*))?");

    private final String traceId;
    private final String workflow;
    private final Map<String, Long> steps = new HashMap<>();
    private final Map<String, PersistenceEnvelope> last = new HashMap<>();
    private int decisions;

    JournalText(String traceId, String workflow) {
        this.traceId = traceId;
        this.workflow = workflow;
        steps.put("start", 0L);
    }

    JournalEvent event(String word) {
        if (word.startsWith("+")) {
            return new JournalEvent.Intervened(decision(word));
        } else if (word.equals("claimed")) {
            return new JournalEvent.Claimed("somebody", Lab.START);
        } else if (word.equals("waits") || word.startsWith("waits")) {
            return new JournalEvent.Suspended(after(word.substring(5)), Lab.START);
        } else if (word.startsWith("back")) {
            return new JournalEvent.Resumed(Long.parseLong(word.substring(4)), Lab.START);
        } else if (word.startsWith("done")) {
            return new JournalEvent.Completed(Completion.of(CompletionState.SUCCESS, Lab.START)
                    .withResult(word.equals("done") ? null : json(word.substring(5))));
        } else if (word.equals(word.toUpperCase())) {
            return new JournalEvent.Completed(Completion.of(CompletionState.valueOf(word), Lab.START));
        }
        return new JournalEvent.StepRecorded(step(word));
    }

    Intervention decision(String word) {
        Matcher parts = DECISION.matcher(word);
        if (!parts.matches()) {
            throw new IllegalArgumentException(word);
        }
        String id = "d" + ++decisions;
        if (parts.group(1).equals("cancel")) {
            return Intervention.of(id, Intervention.TRACE, InterventionAction.CANCEL, Lab.START);
        }
        InterventionAction action = parts.group(2) == null
                ? InterventionAction.SUPPLY
                : InterventionAction.valueOf(parts.group(2).toUpperCase());
        return Intervention.of(id, key(parts.group(1)), action, Lab.START)
                .withPayload(parts.group(3) == null ? null : json(parts.group(3)));
    }

    private PersistenceEnvelope step(String word) {
        Matcher parts = STEP.matcher(word);
        if (!parts.matches()) {
            throw new IllegalArgumentException(word);
        }
        String name = parts.group(1);
        String key = key(name);
        String what = parts.group(2) == null ? "" : parts.group(2);
        boolean isUnwind = name.startsWith("unwind(");
        Outcome outcome = switch (what) {
            case "" -> isUnwind ? Outcome.STARTED : Outcome.SUCCESS;
            case "skipped" -> Outcome.SKIPPED;
            case "failed" -> Outcome.FAULT;
            default -> Outcome.STARTED;
        };
        Payload payload = isUnwind
                ? Payload.json("{\"how\":\"FAULT\",\"keys\":[\""
                        + name.substring(7, name.length() - 1).replace(",", "\",\"") + "\"]}")
                : payload(name, what, parts.group(3), outcome, parts.group(6));
        PersistenceEnvelope before = last.get(key);
        int attempt =
                before == null ? 1 : before.outcome() == Outcome.STARTED ? before.attempt() : before.attempt() + 1;
        PersistenceEnvelope envelope = PersistenceEnvelope.of(
                        traceId,
                        workflow,
                        steps.computeIfAbsent(key, k -> (long) steps.size()),
                        key,
                        outcome,
                        Lab.START)
                .withAttempt(attempt)
                .withPayload(payload);
        if (outcome == Outcome.FAULT || isUnwind) {
            Failure failure = new Failure(IllegalStateException.class.getName(), "no", null);
            Remark remark = remark(parts.group(4), parts.group(5));
            envelope = envelope.withFailure(remark == null ? failure : remark.on(failure));
        }
        last.put(key, envelope);
        return envelope;
    }

    private static @Nullable Payload payload(
            String name, String what, @Nullable String time, Outcome outcome, @Nullable String value) {
        if (outcome == Outcome.SUCCESS) {
            return json(value == null ? name : value);
        }
        Wait.Kind kind = switch (what) {
            case "waits" -> Wait.Kind.DECISION;
            case "sleeps" -> Wait.Kind.TIME;
            case "child" -> Wait.Kind.TRACE;
            default -> null;
        };
        return kind == null
                ? null
                : new WaitNote(kind, kind == Wait.Kind.DECISION ? "java.lang.String" : null, after(time), null)
                        .toPayload();
    }

    private static @Nullable Remark remark(@Nullable String follows, @Nullable String time) {
        return switch (follows == null ? "" : follows) {
            case "next" -> Remark.nextAttempt(Lab.START.plus(duration(time)));
            case "fallback" -> Remark.FALLBACK;
            case "halted" -> Remark.HALTED;
            case "rerun" -> Remark.RERUN;
            case "refused" -> Remark.REFUSED;
            default -> null;
        };
    }

    private static String key(String name) {
        if (name.startsWith("unwind(")) {
            return Unwinding.NODE;
        }
        int open = name.indexOf('(');
        return open < 0 ? name : OWN.get(name.substring(0, open)) + name.substring(open + 1, name.length() - 1);
    }

    private static String name(String key) {
        for (Map.Entry<String, String> own : OWN.entrySet()) {
            if (key.startsWith(own.getValue())) {
                return own.getKey() + "(" + key.substring(own.getValue().length()) + ")";
            }
        }
        return key;
    }

    static Payload json(String value) {
        return Payload.json(value.equals("null") || value.startsWith("{") ? value : '"' + value + '"');
    }

    private static @Nullable Instant after(@Nullable String time) {
        return time == null || time.isEmpty() ? null : Lab.START.plus(duration(time));
    }

    static Duration duration(String seconds) {
        return Duration.ofSeconds(Long.parseLong(seconds.substring(0, seconds.length() - 1)));
    }

    /** The word for an entry. */
    static String word(JournalEvent event) {
        if (event instanceof JournalEvent.StepRecorded recorded) {
            return word(recorded.envelope());
        } else if (event instanceof JournalEvent.Intervened intervened) {
            return word(intervened.intervention());
        } else if (event instanceof JournalEvent.Resumed resumed) {
            return "back" + resumed.fromStep();
        } else if (event instanceof JournalEvent.Suspended suspended) {
            return "waits" + seconds(suspended.wakeAt());
        } else if (event instanceof JournalEvent.Completed completed) {
            Completion end = completed.completion();
            return end.state() == CompletionState.SUCCESS
                    ? "done" + value(end.result(), "")
                    : end.state().name();
        }
        return event instanceof JournalEvent.Claimed ? "claimed" : "custom";
    }

    private static String word(PersistenceEnvelope envelope) {
        String key = envelope.nodeId();
        String name = name(key);
        return switch (envelope.outcome()) {
            case SUCCESS -> name + value(envelope.payload(), key.startsWith("$undo:") ? "null" : key);
            case SKIPPED -> name + ":skipped";
            case FAULT -> name + ":failed" + word(Remark.of(envelope));
            case STARTED -> started(name, envelope);
        };
    }

    private static String started(String name, PersistenceEnvelope envelope) {
        if (name.equals(Unwinding.NODE)) {
            String keys =
                    envelope.payload().asText().replaceAll(".*\\[(.*)].*", "$1").replace("\"", "");
            return "unwind(" + keys + ")";
        }
        WaitNote note = WaitNote.of(envelope.payload());
        if (note == null) {
            return name + ":started";
        }
        return switch (note.kind()) {
            case DECISION -> name + ":waits" + seconds(note.until());
            case TIME -> name + ":sleeps" + seconds(note.until());
            default -> name + ":child";
        };
    }

    private static String word(@Nullable Remark remark) {
        if (remark == null) {
            return "";
        }
        return remark.at() == null
                ? "(" + remark.kind().name().toLowerCase() + ")"
                : "(next" + seconds(remark.at()) + ")";
    }

    private static String word(Intervention decision) {
        return switch (decision.action()) {
            case CANCEL -> "+cancel";
            case SUPPLY -> "+" + decision.targetNode() + value(decision.payloadOverride(), "");
            default ->
                "+" + decision.targetNode() + ":" + decision.action().name().toLowerCase()
                        + value(decision.payloadOverride(), "");
        };
    }

    private static String value(@Nullable Payload payload, String expected) {
        String value = payload == null ? "" : payload.asText().replaceAll("^\"|\"$", "");
        return payload == null || value.equals(expected) ? "" : "=" + value;
    }

    private static String seconds(@Nullable Instant at) {
        return at == null ? "" : Duration.between(Lab.START, at).toSeconds() + "s";
    }
}
