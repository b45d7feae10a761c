package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page shows is what the tests run. */
class GuidePageTest {

    private static final Path PAGE = Path.of("../docs/guide.md");
    private static final Path TESTS = Path.of("src/test/java/io/reactivestore/examples/guide");
    private static final int FEWEST_EXAMPLES = 25;

    private static final Pattern REGION =
            Pattern.compile("^\\h*// guide\\n(.*?)^\\h*// end\\n", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```\\n", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void every_example_of_the_page_is_run_and_every_one_that_is_run_is_on_the_page() throws IOException {
        List<String> run = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS)) {
            for (Path file : files.filter(name -> name.toString().endsWith("GuideTest.java"))
                    .toList()) {
                run.addAll(found(REGION, file));
            }
        }
        List<String> shown = found(BLOCK, PAGE);
        assertThat(shown).hasSizeGreaterThanOrEqualTo(FEWEST_EXAMPLES).containsExactlyInAnyOrderElementsOf(run);
    }

    @Test
    void no_example_on_the_page_escapes_the_comparison() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page.split("```java", -1)).hasSize(found(BLOCK, PAGE).size() + 1);
    }

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(file));
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1).stripTrailing().stripIndent());
        }
        return found;
    }
}
