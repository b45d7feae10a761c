package io.reactivestore.core;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.TraceFold.StepKey;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lists of events that may be appended at once. */
final class EventList {

    private EventList() {}

    /** The form that lets each event be judged by what is on record alone. */
    static List<JournalEvent> check(String traceId, List<JournalEvent> given, StoreConfig config) {
        List<JournalEvent> events = new ArrayList<>(Check.present("events", given));
        if (events.size() > Journal.MAX_EVENTS) {
            throw new IllegalArgumentException("at most " + Journal.MAX_EVENTS + " events, found " + events.size());
        }
        checkEach(traceId, events, config);
        return events;
    }

    /** The form that tells a trace from its start. */
    static List<JournalEvent> checkStory(String traceId, List<JournalEvent> given, StoreConfig config) {
        List<JournalEvent> events = new ArrayList<>(Check.present("events", given));
        checkEach(traceId, events, config);
        require(!events.isEmpty() && events.get(0) instanceof StepRecorded, "event %d must be a step", 0);
        for (int i = 0; i < events.size(); i++) {
            JournalEvent event = events.get(i);
            require(event instanceof StepRecorded || event instanceof Custom, "event %d is neither step nor custom", i);
        }
        return events;
    }

    private static void checkEach(String traceId, List<JournalEvent> events, StoreConfig config) {
        for (int i = 0; i < events.size(); i++) {
            JournalEvent event = Check.present("an event", events.get(i));
            PayloadLimit.check(event, config);
            if (event instanceof StepRecorded recorded) {
                require(recorded.envelope().traceId().equals(traceId), "event %d is of another trace", i);
            } else if (event instanceof Completed) {
                require(i == events.size() - 1, "event %d ends the trace but is not the last one", i);
            } else if (event instanceof Suspended) {
                require(i == events.size() - 1, "event %d lets the trace wait but is not the last one", i);
            } else if (event instanceof Claimed) {
                require(events.size() == 1, "event %d is a claim, which must stand alone", i);
            } else {
                require(event instanceof Custom, "event %d must go through PersistenceStore", i);
            }
        }
        if (events.size() > 1) {
            checkSteps(events);
        }
    }

    private static void checkSteps(List<JournalEvent> events) {
        Set<StepKey> steps = new HashSet<>();
        String workflow = null;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof StepRecorded recorded) {
                PersistenceEnvelope envelope = recorded.envelope();
                require(steps.add(StepKey.of(envelope)), "event %d repeats a step of the list", i);
                require(
                        workflow == null || workflow.equals(envelope.workflow()),
                        "event %d names another workflow than those before it",
                        i);
                workflow = envelope.workflow();
            }
        }
    }

    private static void require(boolean holds, String otherwise, int index) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(otherwise, index));
        }
    }
}
