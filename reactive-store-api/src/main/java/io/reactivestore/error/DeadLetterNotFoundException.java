package io.reactivestore.error;

/** There is no dead letter of that id. */
public final class DeadLetterNotFoundException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the letter.
     *
     * @param id what was asked for
     */
    public DeadLetterNotFoundException(String id) {
        super(
                null,
                "There is no dead letter '" + id + "'. Check the id; the list of dead letters shows those there are.");
    }
}
