package io.reactivestore.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocExamplesTest {

    private static final int FEWEST_EXAMPLES = 45;
    private static final int FEWEST_TYPES = 60;

    @Test
    void every_example_compiles() {
        List<Example> examples = Library.examples();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(FEWEST_EXAMPLES);
        assertThat(new ExampleCompiler().check(examples)).isEmpty();
    }

    @Test
    void no_block_of_code_escapes_the_search() {
        Stream<Path> files = Stream.concat(Library.sources().stream(), Stream.of(Library.README));
        assertThat(files).allSatisfy(file -> assertThat(Library.examples(file)).hasSize(blocks(file)));
    }

    @Test
    void every_public_type_has_an_example() {
        List<PublicType> types = Library.publicTypes();
        assertThat(types).hasSizeGreaterThanOrEqualTo(FEWEST_TYPES);
        assertThat(types.stream().filter(type -> !type.hasExample() && !type.isListedError()))
                .isEmpty();
    }

    private static int blocks(Path file) {
        String start = file.equals(Library.README) ? Library.MARKDOWN_START : Library.JAVADOC_START;
        return Library.text(file).split(Pattern.quote(start), -1).length - 1;
    }
}
