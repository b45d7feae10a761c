package io.reactivestore;

import io.reactivestore.catalog.Catalog;
import io.reactivestore.claims.Claims;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.facts.Facts;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Journal;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.transactions.Transactions;
import io.reactivestore.webhooks.Webhooks;

/**
 * The key of a facet: something a store may have beyond {@link PersistenceStore}.
 *
 * <pre>{@code
 * Journal journal = store.require(Capability.JOURNAL);
 * }</pre>
 *
 * @param name the name errors show
 * @param type the type of the facet
 * @param <F> the type of the facet
 */
public record Capability<F>(String name, Class<F> type) {

    /** Reading and appending the entries of a trace one by one. */
    public static final Capability<Journal> JOURNAL = new Capability<>("JOURNAL", Journal.class);

    /** Finding, describing and deleting traces. */
    public static final Capability<Catalog> CATALOG = new Capability<>("CATALOG", Catalog.class);

    /** Sharing the traces among engines: heartbeats, what is due, taking over. */
    public static final Capability<Claims> CLAIMS = new Capability<>("CLAIMS", Claims.class);

    /** What failed for good, and what became of it. */
    public static final Capability<DeadLetters> DEAD_LETTERS = new Capability<>("DEAD_LETTERS", DeadLetters.class);

    /** Content kept once, by its hash, and what refers to it. */
    public static final Capability<Facts> FACTS = new Capability<>("FACTS", Facts.class);

    /** Telling others how traces ended. */
    public static final Capability<Webhooks> WEBHOOKS = new Capability<>("WEBHOOKS", Webhooks.class);

    /** What was made of journals up to a position, so that long ones need not be read from their start. */
    public static final Capability<Snapshots> SNAPSHOTS = new Capability<>("SNAPSHOTS", Snapshots.class);

    /** Entries in the caller's own transaction of the database. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // a class literal has no type arguments
    public static final Capability<Transactions<?>> TRANSACTIONS =
            new Capability<>("TRANSACTIONS", (Class) Transactions.class);

    /**
     * Makes the key of a facet. Two keys are the same facet if name and type are.
     *
     * @param name 1 to 255 characters; errors show it
     * @param type the interface callers get
     * @throws IllegalArgumentException if the name is not of that form, or one is null
     */
    public Capability {
        Check.name("capability", name, Check.NAME_CHARS);
        Check.present("type", type);
    }
}
