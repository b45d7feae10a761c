package io.reactivestore.examples.docs;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;

/** An example wrapped in a class of its own: statements in a method, classes and methods as members. */
final class ExampleClass extends SimpleJavaFileObject {

    enum Form {
        STATEMENTS("void example() throws Exception {\n", "\n}\n"),
        MEMBERS("\n", "\n");

        private final String before;
        private final String after;

        Form(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    private static final List<String> OTHER_PACKAGES = List.of(
            "java.nio",
            "java.nio.charset",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.function",
            "reactor.core.publisher",
            "reactor.util.retry",
            "com.fasterxml.jackson.core.type",
            "io.r2dbc.postgresql",
            "io.r2dbc.spi",
            "org.junit.jupiter.api");

    private static final String IMPORTS = Stream.concat(
                    Library.publicTypes().stream().map(PublicType::packageName), OTHER_PACKAGES.stream())
            .distinct()
            .map(name -> "import " + name + ".*;\n")
            .collect(Collectors.joining());

    private final Example example;
    private final String before;
    private final String source;

    ExampleClass(Example example, int number, Form form) {
        super(URI.create("string:///Example" + number + ".java"), Kind.SOURCE);
        this.example = example;
        this.before = "package " + getClass().getPackageName() + ";\n" + IMPORTS + "class Example" + number
                + " extends Given {\n" + form.before;
        this.source = before + example.code() + form.after + "}\n";
    }

    Example example() {
        return example;
    }

    long lineOfCode(long lineOfSource) {
        return lineOfSource - before.lines().count();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
    }
}
