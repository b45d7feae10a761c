package io.reactivestore.engine.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is sent. */
class WebhookEndpointTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(strings = {"", "                                    ", "short", "0123456789abcdef0123456789abcde"})
    void an_empty_or_short_secret_is_refused_and_not_shown(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookEndpoint.of("billing", "https://example.com", secret))
                .withMessageContaining("billing")
                .satisfies(error -> assertThat(secret.isBlank()
                                || !String.valueOf(error.getMessage()).contains(secret))
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/hook",
                "file:///etc/passwd",
                "example.com/hook",
                "https:///nowhere-at-all",
                "https://user:hunter2@example.com/",
                "jar:https://example.com!/",
                "ht tp://example.com"
            })
    void a_URL_that_is_not_plain_http_or_https_is_refused_and_not_shown(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookEndpoint.of("billing", url, SECRET))
                .withMessageContaining("billing")
                .satisfies(error -> assertThat(error).hasNoCause().hasMessageNotContaining("hunter2"));
    }

    @Test
    void neither_the_secret_nor_the_URL_is_shown() {
        WebhookEndpoint endpoint = WebhookEndpoint.of("billing", "https://example.com/token-4711", SECRET);
        assertThat(endpoint.toString()).isEqualTo("WebhookEndpoint[billing]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "fec0::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::808:808",
                "64:ff9b:0:a00::808:808",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2001::1",
                "2001:db8::1",
                "100::1",
                "3fff::1"
            })
    void an_address_that_is_not_public_is_known_as_such(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "192.0.1.1",
                "198.17.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "2001:4860::8888",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void an_address_that_is_public_is_known_as_such(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }
}
