package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.error.TraceNotFoundException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The SQLState decides whether a call may succeed later, and what its caller is told; the driver's text is only the cause. */
class ErrorRulesTest {

    private static final String SECRET =
            "Key (trace_id, payload)=(a, {\"iban\":\"DE02\"}) for user app password s3cret";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            08000 | true  | connection was lost or refused
            08006 | true  | connection was lost or refused
            08S01 | true  | connection was lost or refused
            40001 | true  | rolled back in favour of another
            40P01 | true  | rolled back in favour of another
            53300 | true  | out of resources
            53100 | true  | out of resources
            55P03 | true  | lock was not to be had in time
            57014 | true  | took too long and was cancelled
            57P01 | true  | starting, stopping or cut the connection
            57P03 | true  | starting, stopping or cut the connection
            25006 | true  | read-only
            HYT00 | true  | lock was not to be had in time
            90067 | true  | connection is broken
            90098 | true  | database was closed
            90121 | true  | database was closed
            90020 | false | in use by another process
            42P01 | false | call migrate()
            42S02 | false | call migrate()
            42S04 | false | call migrate()
            42501 | false | lacks a right
            3F000 | false | schema does not exist
            90079 | false | schema does not exist
            3D000 | false | database does not exist
            90146 | false | database does not exist
            28P01 | false | user name or password was refused
            28000 | false | user name or password was refused
            22P02 | false | R2dbcBadGrammarException
            42601 | false | R2dbcBadGrammarException
            """)
    void a_state_has_its_meaning_whatever_the_class(String state, boolean isTransient, String meaning) {
        for (R2dbcException error : new R2dbcException[] {
            new R2dbcBadGrammarException(SECRET, state, 7, SECRET, null),
            new R2dbcNonTransientResourceException(SECRET, state),
            new R2dbcPermissionDeniedException(SECRET, state)
        }) {
            StoreException told = translated(error);
            assertThat(told.isTransient()).as(state).isEqualTo(isTransient);
            assertThat(told)
                    .isInstanceOf(isTransient ? StoreUnavailableException.class : StoreFailedException.class)
                    .hasMessageContaining("write a batch")
                    .hasMessageContaining("[SQLState " + state + "]")
                    .hasCause(error);
            assertThat(told.toString()).doesNotContain("DE02", "s3cret", "iban");
            if (error instanceof R2dbcBadGrammarException) {
                assertThat(told).hasMessageContaining(meaning);
            }
        }
    }

    static Stream<Arguments> errorsWithoutAKnownState() {
        return Stream.of(
                Arguments.of(new R2dbcTimeoutException(SECRET), true),
                Arguments.of(new R2dbcTransientResourceException(SECRET, "99999"), true),
                Arguments.of(new TimeoutException(SECRET), true),
                Arguments.of(new IOException(SECRET), true),
                Arguments.of(new R2dbcNonTransientResourceException(SECRET), true),
                Arguments.of(new R2dbcNonTransientResourceException(SECRET, "99999"), false),
                Arguments.of(new IllegalStateException(SECRET), false),
                Arguments.of(new R2dbcDataIntegrityViolationException(SECRET, "23514"), false));
    }

    @ParameterizedTest
    @MethodSource("errorsWithoutAKnownState")
    void without_a_known_state_the_class_decides(Throwable error, boolean isTransient) {
        StoreException told = translated(error);
        assertThat(told.isTransient()).isEqualTo(isTransient);
        boolean isTimeout = error instanceof TimeoutException || error instanceof R2dbcTimeoutException;
        assertThat(told)
                .hasMessageContaining(
                        isTimeout ? "did not answer in time" : error.getClass().getSimpleName())
                .hasCause(error);
        assertThat(told.toString()).doesNotContain("DE02", "s3cret", "iban");
    }

    @Test
    void what_the_store_says_itself_and_what_the_machine_says_is_passed_on() {
        StoreException own = new TraceNotFoundException("a");
        assertThat(Errors.translate("read", own)).isSameAs(own);
        Error machine = new OutOfMemoryError("heap");
        assertThat(Errors.translate("read", machine)).isSameAs(machine);
    }

    @Test
    void a_duplicate_key_is_told_from_other_violations() {
        assertThat(Errors.isDuplicateKey(new R2dbcDataIntegrityViolationException("x", "23505")))
                .isTrue();
        assertThat(Errors.isDuplicateKey(new R2dbcDataIntegrityViolationException("x", "23502")))
                .isFalse();
        assertThat(Errors.isDuplicateKey(new IllegalStateException("23505"))).isFalse();
    }

    private static StoreException translated(Throwable error) {
        return (StoreException) Errors.translate("write a batch", error);
    }
}
