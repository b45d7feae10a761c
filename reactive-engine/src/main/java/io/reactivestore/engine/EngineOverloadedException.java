package io.reactivestore.engine;

import java.time.Duration;

/** The engine runs as many traces as it may, and none of them ended in the time a start may wait. Nothing was recorded. */
public final class EngineOverloadedException extends EngineException {

    private static final long serialVersionUID = 1L;

    EngineOverloadedException(int maxLiveTraces, Duration maxWait) {
        super(
                null,
                "The engine runs " + maxLiveTraces + " traces, its limit, and none ended within " + maxWait
                        + ". Start fewer at a time, try again later, raise maxLiveTraces, or add an engine.",
                null);
    }
}
