/**
 * The journal of a trace, entry by entry: {@link io.reactivestore.journal.Journal} reads and appends
 * {@link io.reactivestore.journal.JournalEntry entries}, each of which holds a {@link io.reactivestore.journal.JournalEvent}.
 */
@NullMarked
package io.reactivestore.journal;

import org.jspecify.annotations.NullMarked;
