package io.reactivestore.engine;

import java.util.List;

/**
 * What a {@link Replay} found out.
 *
 * <pre>{@code
 * Mono<ReplayReport> report = RecordedJournal.of(store.require(Capability.JOURNAL), "employee-7")
 *         .flatMap(recorded -> Replay.of(onboarding).run(recorded))
 *         .doOnNext(found -> {
 *             if (!found.isSame()) {
 *                 throw new AssertionError(found.toString());
 *             }
 *         });
 * }</pre>
 *
 * @param traceId the trace
 * @param workflow the code it was run against, by name and version
 * @param asked the keys of the steps that the code asked for, in that order
 * @param differences what is not as it was recorded
 */
public record ReplayReport(String traceId, String workflow, List<String> asked, List<Difference> differences) {

    /** What may differ. */
    public enum Kind {
        /** The code asks for a step of which nothing is on record, and would do it. The replay of this path ends there. */
        NOT_ON_RECORD,
        /** A step is on record, and the code comes to its end, or to a wait on record, without asking for it. */
        NEVER_ASKED_FOR,
        /** A step is on record, but the replay ended before the code could ask for it. */
        NOT_REACHED,
        /** The code asks for a step as a type of which its result on record is not. */
        TYPE_MISFIT,
        /** The code asks for a step later than the one who recorded it did. */
        OTHER_ORDER,
        /** The code comes to another end. */
        OTHER_END,
        /** The code makes a mistake that stops the run, or refuses the trace. */
        STOPPED
    }

    /**
     * A difference.
     *
     * @param kind what differs
     * @param node the key of the step it is about, or empty if it is about none
     * @param detail more of it for people; no content of payloads
     */
    public record Difference(Kind kind, String node, String detail) {

        /** Readable. */
        @Override
        public String toString() {
            return kind + (node.isEmpty() ? "" : " '" + node + "'") + ": " + detail;
        }
    }

    /**
     * Copies the lists.
     *
     * @param traceId the trace
     * @param workflow the code it was run against
     * @param asked in the order of the code
     * @param differences in the order in which they were found
     */
    public ReplayReport {
        asked = List.copyOf(asked);
        differences = List.copyOf(differences);
    }

    /**
     * Tells whether today's code does with the trace what was recorded.
     *
     * @return true if there are no differences
     */
    public boolean isSame() {
        return differences.isEmpty();
    }

    /** Readable, a line for each difference; no content of payloads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("trace '" + traceId + "' against " + workflow + ": ");
        text.append(isSame() ? "same, " + asked.size() + " steps" : differences.size() + " differences");
        differences.forEach(difference -> text.append("\n  ").append(difference));
        return text.toString();
    }
}
