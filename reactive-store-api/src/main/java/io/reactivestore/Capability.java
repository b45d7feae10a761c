package io.reactivestore;

import io.reactivestore.catalog.Catalog;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Journal;

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

    /** Finding and listing traces. */
    public static final Capability<Catalog> CATALOG = new Capability<>("CATALOG", Catalog.class);

    /** Checks that both are there. */
    public Capability {
        Check.name("capability", name, Check.NAME_CHARS);
        Check.present("type", type);
    }
}
