package io.reactivestore.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References as they stand in journals. */
class FactReferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "application/json", "text/plain; charset=\"utf-8\"", "x\\\"y\\", "ü/漢"})
    void a_reference_is_read_as_it_was_written(String mediaType) {
        FactReference reference = FactReference.to(Payload.of(new byte[7], mediaType));
        assertThat(FactReference.of(reference.toPayload())).isEqualTo(reference);
        assertThat(FactReference.of(Payload.json(reference.toPayload().asText())))
                .isNull();
    }

    @Test
    void what_is_none_is_refused_however_long_it_is() {
        String reference = FactReference.to(Payload.json("1")).toPayload().asText();
        String start = reference.substring(0, reference.indexOf("application"));
        for (String text : new String[] {
            "",
            "{}",
            start,
            reference + " ",
            reference.replace("\"size\":1", "\"size\":4294967296"),
            start + "\"}",
            start + "x".repeat(1_000_000),
            start + "x".repeat(1_000_000) + "\"}",
            start + "\\\"".repeat(500_000) + "\"}"
        }) {
            Payload forged = Payload.of(text.getBytes(UTF_8), FactReference.MEDIA_TYPE);
            assertThatIllegalArgumentException().isThrownBy(() -> FactReference.of(forged));
        }
    }
}
