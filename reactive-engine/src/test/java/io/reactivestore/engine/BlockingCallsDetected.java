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
        BlockHound.install();
        StepVerifier.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
