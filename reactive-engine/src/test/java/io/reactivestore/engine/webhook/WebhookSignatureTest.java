package io.reactivestore.engine.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What proves where a delivery comes from. */
class WebhookSignatureTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final byte[] BODY = "{\"trace\":\"order-42\"}".getBytes(UTF_8);
    private static final Instant AT = Instant.ofEpochSecond(1_772_000_000L, 999_999_999);
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static boolean isGenuine(String header, byte[] body, Instant now) {
        return WebhookSignature.isGenuine(header, SECRET, body, now, TOLERANCE);
    }

    @Test
    void it_is_the_HMAC_that_any_other_tool_computes() {
        // printf '1772000000.{"trace":"order-42"}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        assertThat(WebhookSignature.of(SECRET.getBytes(UTF_8), AT, BODY))
                .isEqualTo("t=1772000000,v1=26c46a025f5c13c5b5d792182f4661fb6d79b724d33389e25a3c7e465b254551");
    }

    @Test
    void a_receiver_takes_what_is_genuine_and_fresh() {
        String header = WebhookSignature.of(SECRET.getBytes(UTF_8), AT, BODY);
        assertThat(isGenuine(header, BODY, AT)).isTrue();
        assertThat(isGenuine(header, BODY, AT.plus(TOLERANCE))).isTrue();
        assertThat(isGenuine(header, BODY, AT.minus(TOLERANCE))).isTrue();
    }

    @Test
    void it_refuses_what_is_stale_or_was_changed_or_is_no_signature() {
        String header = WebhookSignature.of(SECRET.getBytes(UTF_8), AT, BODY);
        assertThat(isGenuine(header, BODY, AT.plus(TOLERANCE).plusSeconds(1))).isFalse();
        assertThat(isGenuine(header, BODY, AT.minus(TOLERANCE).minusSeconds(1))).isFalse();
        assertThat(isGenuine(header, "{}".getBytes(UTF_8), AT)).isFalse();
        assertThat(isGenuine(header.replace("t=1772000000", "t=1772000001"), BODY, AT))
                .isFalse();
        assertThat(isGenuine(header.replace("v1=", "v2="), BODY, AT)).isFalse();
        assertThat(isGenuine("", BODY, AT)).isFalse();
        assertThat(WebhookSignature.isGenuine(header, SECRET.replace('0', '1'), BODY, AT, TOLERANCE))
                .isFalse();
    }
}
