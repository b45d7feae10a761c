package io.reactivestore.core;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.TraceFold.StepKey;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet JOURNAL in terms of commands and pages. */
final class JournaledEntries implements Journal {

    private final Journals journals;
    private final GroupCommit commits;
    private final StoreConfig config;

    JournaledEntries(Journals journals, GroupCommit commits, StoreConfig config) {
        this.journals = journals;
        this.commits = commits;
        this.config = config;
    }

    @Override
    public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
        Check.traceId(traceId);
        Check.atLeast("expectedPosition", expectedPosition, 0);
        List<JournalEvent> copy = new ArrayList<>(Check.present("events", events));
        checkForm(traceId, copy);
        return commits.submit(() -> new Command(traceId, expectedPosition, copy, null));
    }

    @Override
    public Flux<JournalEntry> read(String traceId, long afterPosition) {
        Check.traceId(traceId);
        Check.atLeast("afterPosition", afterPosition, 0);
        return journals.read(traceId, afterPosition);
    }

    @Override
    public Flux<JournalEntry> follow(String traceId, long afterPosition) {
        Check.traceId(traceId);
        Check.atLeast("afterPosition", afterPosition, 0);
        return journals.follow(traceId, afterPosition);
    }

    /** The form that lets each event be judged by what is on record alone. */
    private void checkForm(String traceId, List<JournalEvent> events) {
        if (events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException("at most " + MAX_EVENTS + " events, found " + events.size());
        }
        Set<StepKey> steps = new HashSet<>();
        Set<String> workflows = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            JournalEvent event = Check.present("an event", events.get(i));
            PayloadLimit.check(event, config);
            if (event instanceof StepRecorded recorded) {
                PersistenceEnvelope envelope = recorded.envelope();
                require(envelope.traceId().equals(traceId), "event %d is of another trace", i);
                require(steps.add(StepKey.of(envelope)), "event %d repeats a step of the list", i);
                workflows.add(envelope.workflow());
                require(workflows.size() == 1, "event %d names another workflow than those before it", i);
            } else if (event instanceof Completed) {
                require(i == events.size() - 1, "event %d ends the trace but is not the last one", i);
            } else if (event instanceof Claimed) {
                require(events.size() == 1, "event %d is a claim, which must stand alone", i);
            } else {
                require(event instanceof Custom, "event %d must go through PersistenceStore", i);
            }
        }
    }

    private static void require(boolean holds, String otherwise, int index) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(otherwise, index));
        }
    }
}
