package io.reactivestore.r2dbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts can be applied with a tool of the user's own, such as Flyway: two placeholders, and nothing else to know. */
class ShippedScriptTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}?");
    private static final Pattern CREATED =
            Pattern.compile("(?m)^CREATE (?:OR REPLACE )?(?:TABLE|VIEW|TYPE|FUNCTION) (?:IF NOT EXISTS )?(\\S+)");

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_script_has_no_placeholders_but_schema_and_prefix(Database database) {
        Set<String> found = PLACEHOLDER
                .matcher(script(database))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(found).containsExactlyInAnyOrder("${schema}", "${prefix}");
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void everything_it_makes_stands_in_the_schema_and_has_the_prefix(Database database) {
        assertThat(CREATED.matcher(script(database)).results().map(made -> made.group(1)))
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(name -> assertThat(name).startsWith("${schema}${prefix}"));
    }

    private static String script(Database database) {
        return Migration.FILES.stream().map(file -> script(database, file)).collect(Collectors.joining("\n"));
    }

    private static String script(Database database, String file) {
        try (InputStream script = ShippedScriptTest.class.getResourceAsStream(database.folder() + "/" + file)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
