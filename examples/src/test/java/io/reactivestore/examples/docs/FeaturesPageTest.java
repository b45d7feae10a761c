package io.reactivestore.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the page of features names are there. */
class FeaturesPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

    @Test
    void every_test_that_is_named_exists() throws IOException {
        Map<String, List<String>> sources = sources();
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/features.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| #")) {
                continue;
            }
            assertThat(NAMED.matcher(line).find()).as("names a test: " + line).isTrue();
            for (Matcher named = NAMED.matcher(line); named.find(); found++) {
                if (!isThere(sources.getOrDefault(named.group(1), List.of()), named.group(2))) {
                    missing.add(named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(50);
    }

    private static boolean isThere(List<String> sources, String method) {
        return method == null
                ? !sources.isEmpty()
                : sources.stream()
                        .anyMatch(source -> Pattern.compile(
                                        "@(?:Test|TestFactory|ParameterizedTest)\\b[^;{]*?\\s" + method + "\\(")
                                .matcher(source)
                                .find());
    }

    /** By the name of the class; a name may occur in several modules. */
    private static Map<String, List<String>> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("test"))
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replace(".java", ""),
                            Collectors.mapping(FeaturesPageTest::read, Collectors.toList())));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
