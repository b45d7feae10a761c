package io.reactivestore.engine;

import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.test.StepVerifier;

/** Every test of this module runs with the detector: a blocking call on a non-blocking thread is an error, and a verifier does not wait for ever. */
public final class BlockingCallsDetected implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        // once for each type, Jackson makes what reads it, under a lock
        BlockHound.install(detector -> detector.allowBlockingCallsInside(
                "com.fasterxml.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer"));
        StepVerifier.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
