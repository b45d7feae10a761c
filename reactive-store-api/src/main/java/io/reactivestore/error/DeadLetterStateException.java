package io.reactivestore.error;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterState;

/** A dead letter is not in the state that a move needs: somebody else has moved it, or moves it now. */
public final class DeadLetterStateException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The state that the move needs. */
    private final DeadLetterState required;
    /** The state found. */
    private final DeadLetterState found;

    /**
     * Names both states.
     *
     * @param letter the letter as it was found
     * @param required the state that the move needs
     */
    public DeadLetterStateException(DeadLetter letter, DeadLetterState required) {
        super(
                letter.traceId(),
                "Dead letter '" + letter.id() + "' is " + letter.state() + " since " + letter.stateAt()
                        + ", which allows no move that needs " + required + " as the caller knows it."
                        + " Look it up to see what has become of it.");
        this.required = required;
        this.found = letter.state();
    }

    /**
     * Gives the state needed.
     *
     * @return the state that the move needs
     */
    public DeadLetterState required() {
        return required;
    }

    /**
     * Gives the state found.
     *
     * @return where the letter stands
     */
    public DeadLetterState found() {
        return found;
    }
}
