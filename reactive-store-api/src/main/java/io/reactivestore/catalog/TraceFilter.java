package io.reactivestore.catalog;

import io.reactivestore.TraceStatus;
import io.reactivestore.internal.Check;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are meant: those that meet every condition. Names and values are compared as a whole, letter by letter.
 *
 * <pre>{@code
 * TraceFilter failedOrders = TraceFilter.ALL.withWorkflows("order").withStatuses(TraceStatus.FAULT);
 * }</pre>
 *
 * @param workflows of one of these workflows, or of any if empty; at most {@value #MAX_WORKFLOWS}
 * @param statuses in one of these statuses, or in any if empty
 * @param tags with all of these tags; the source is the tag {@value TraceTags#SOURCE}
 * @param createdFrom created then or later, or null
 * @param createdTo created earlier than that, or null
 */
public record TraceFilter(
        Set<String> workflows,
        Set<TraceStatus> statuses,
        TraceTags tags,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo) {

    /** The most workflows one filter names. */
    public static final int MAX_WORKFLOWS = 50;

    /** All traces. */
    public static final TraceFilter ALL = new TraceFilter(Set.of(), Set.of(), TraceTags.NONE, null, null);

    /**
     * Copies the sets and checks the names; times are cut to microseconds.
     *
     * @param workflows each 1 to 255 characters
     * @param statuses any
     * @param tags any
     * @param createdFrom in the years 1583 to 9999, or null
     * @param createdTo in the years 1583 to 9999, or null
     * @throws IllegalArgumentException naming what is not of that form
     */
    public TraceFilter {
        Set<String> names = new TreeSet<>();
        Check.present("workflows", workflows)
                .forEach(name -> names.add(Check.name("a workflow", name, Check.NAME_CHARS)));
        Check.atMost("the number of workflows", names.size(), MAX_WORKFLOWS);
        workflows = Set.copyOf(names);
        Check.present("statuses", statuses).forEach(status -> Check.present("a status", status));
        statuses = Set.copyOf(statuses);
        Check.present("tags", tags);
        createdFrom = Check.instantOrNull("createdFrom", createdFrom);
        createdTo = Check.instantOrNull("createdTo", createdTo);
    }

    /**
     * A copy for one of these workflows.
     *
     * @param names none for any
     * @return the copy
     * @throws IllegalArgumentException if a name is not 1 to 255 characters, or there are too many
     */
    public TraceFilter withWorkflows(String... names) {
        return new TraceFilter(new HashSet<>(Arrays.asList(names)), statuses, tags, createdFrom, createdTo);
    }

    /**
     * A copy for one of these statuses.
     *
     * @param wanted none for any
     * @return the copy
     */
    public TraceFilter withStatuses(TraceStatus... wanted) {
        return withStatuses(Arrays.asList(wanted));
    }

    /**
     * A copy for one of these statuses.
     *
     * @param wanted none for any
     * @return the copy
     */
    public TraceFilter withStatuses(Collection<TraceStatus> wanted) {
        return new TraceFilter(workflows, new HashSet<>(wanted), tags, createdFrom, createdTo);
    }

    /**
     * A copy for this source.
     *
     * @param source 1 to 255 characters
     * @return the copy
     * @throws IllegalArgumentException if the source is not of that form
     */
    public TraceFilter withSource(String source) {
        return withTag(TraceTags.SOURCE, source);
    }

    /**
     * A copy for traces that have this tag, besides those asked for before.
     *
     * @param name 1 to 255 characters
     * @param value 1 to 255 characters
     * @return the copy
     * @throws IllegalArgumentException if one is not of that form
     */
    public TraceFilter withTag(String name, String value) {
        return new TraceFilter(workflows, statuses, tags.with(name, value), createdFrom, createdTo);
    }

    /**
     * A copy for a window of time.
     *
     * @param from created then or later, or null
     * @param to created earlier than that, or null
     * @return the copy
     * @throws IllegalArgumentException if one lies out of the years 1583 to 9999
     */
    public TraceFilter withCreated(@Nullable Instant from, @Nullable Instant to) {
        return new TraceFilter(workflows, statuses, tags, from, to);
    }

    /**
     * Gives the statuses that are meant.
     *
     * @return {@link #statuses()}, or all if that is empty
     */
    public Set<TraceStatus> anyOf() {
        return statuses.isEmpty() ? EnumSet.allOf(TraceStatus.class) : statuses;
    }

    /**
     * Tells whether workflow, status and time are as asked for; tags are not looked at.
     *
     * @param workflow of a trace
     * @param status of the trace
     * @param createdAt of the trace
     * @return true if these conditions are met
     */
    public boolean matches(String workflow, TraceStatus status, Instant createdAt) {
        return (workflows.isEmpty() || workflows.contains(workflow))
                && (statuses.isEmpty() || statuses.contains(status))
                && (createdFrom == null || !createdAt.isBefore(createdFrom))
                && (createdTo == null || createdAt.isBefore(createdTo));
    }
}
