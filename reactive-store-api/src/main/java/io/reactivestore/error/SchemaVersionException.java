package io.reactivestore.error;

/** The tables were made by a newer version of the library than this one; nothing was changed. */
public final class SchemaVersionException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The version of the tables. */
    private final int found;
    /** The newest version this library knows. */
    private final int known;

    /**
     * Names both versions.
     *
     * @param found the version of the tables
     * @param known the newest version this library knows
     */
    public SchemaVersionException(int found, int known) {
        super(
                null,
                "The tables have schema version " + found + ", this library knows versions up to " + known
                        + ". Use the newer library, or other tables.");
        this.found = found;
        this.known = known;
    }

    /**
     * Gives the version found.
     *
     * @return the version of the tables
     */
    public int found() {
        return found;
    }

    /**
     * Gives the newest version known.
     *
     * @return the version of this library
     */
    public int known() {
        return known;
    }
}
