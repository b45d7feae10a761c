package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schema and prefix become part of statements: nothing but a plain identifier is taken. */
class IdentifierTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a;",
                "rs_journal; DROP TABLE rs_trace; --",
                "a'",
                "a\"",
                "\"a\"",
                "a--",
                "a/*",
                "a.b",
                "a$",
                "${prefix}",
                "$1",
                "1a",
                "A",
                "é",
                "а",
                "a\n",
                "a\0",
                "abcdefghijklmnopqrstuvwxyz_12345"
            })
    void anything_else_is_refused_at_once(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> R2dbcConfig.defaults().withTablePrefix(name))
                .withMessageContaining("tablePrefix");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> R2dbcConfig.defaults().withSchema(name))
                .withMessageContaining("schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "rs_", "a1_b2", "abcdefghijklmnopqrstuvwxyz_1234"})
    void plain_identifiers_are_taken(String name) {
        assertThatNoException()
                .isThrownBy(() -> R2dbcConfig.defaults().withSchema(name).withTablePrefix(name));
    }
}
