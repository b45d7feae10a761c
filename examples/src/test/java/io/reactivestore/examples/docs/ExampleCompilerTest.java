package io.reactivestore.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A compiler that finds nothing wrong must be able to. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExampleCompilerTest {

    private static final Path FILE = Path.of("Some.java");

    private final ExampleCompiler compiler = new ExampleCompiler();

    @Test
    void statements_classes_and_methods_compile() {
        assertThat(compiler.check(List.of(
                        example("Mono<Long> position = store.traces().append(envelope);"),
                        example("final class Mine extends Object {\n    private int n;\n}"),
                        example("private Mono<Void> closed() {\n    return store.close();\n}"))))
                .isEmpty();
    }

    @Test
    void each_broken_example_is_reported_at_its_own_line() {
        List<String> found = compiler.check(List.of(
                example("Mono<Long> position = ;"),
                example("int good = 1;"),
                example("int good = 1;\nint bad = store.nothing();")));
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).startsWith("Some.java:10:").contains("in the example \"Mono<Long> position = ;\"");
        assertThat(found.get(1))
                .startsWith("Some.java:11:")
                .contains("nothing")
                .contains("in the example \"int good = 1;\"");
    }

    private static Example example(String code) {
        return new Example(FILE, 10, code);
    }
}
