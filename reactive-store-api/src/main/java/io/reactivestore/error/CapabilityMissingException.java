package io.reactivestore.error;

import java.util.Collection;

/** The store lacks a facet that was required. */
public final class CapabilityMissingException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The facet asked for. */
    private final String required;

    /**
     * Names what was required and what is there.
     *
     * @param required the facet asked for
     * @param present the facets of the store
     */
    public CapabilityMissingException(String required, Collection<String> present) {
        super(null, "This store has no facet " + required + "; it has " + present + ". Use an adapter that has it.");
        this.required = required;
    }

    /**
     * Gives the facet asked for.
     *
     * @return its name
     */
    public String required() {
        return required;
    }
}
