package io.reactivestore.engine;

/** A trace cannot be brought to another version. It is as it was. */
public final class MigrationFailedException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The version on record. */
    private final String from;
    /** The version of the code. */
    private final String to;

    MigrationFailedException(String traceId, String from, String to, String why) {
        super(
                traceId,
                "Trace '" + traceId + "' cannot be migrated from version " + from + " to " + to + ": " + why,
                null);
        this.from = from;
        this.to = to;
    }

    /**
     * Gives the version on record.
     *
     * @return what the trace runs
     */
    public String from() {
        return from;
    }

    /**
     * Gives the version of the code.
     *
     * @return what the trace was to run
     */
    public String to() {
        return to;
    }
}
