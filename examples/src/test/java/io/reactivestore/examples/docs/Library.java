package io.reactivestore.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The published modules and the README, as they lie beside this module. */
final class Library {

    static final Path README = Path.of("../README.md");

    static final List<String> MODULES =
            List.of("reactive-store-api", "reactive-store-testkit", "reactive-store-r2dbc", "reactive-engine");

    static final String JAVADOC_START = "<pre>";
    static final String MARKDOWN_START = "```java";

    private static final Pattern JAVADOC =
            Pattern.compile("<pre>\\{@code\\h*\\n(.*?)\\n\\h*\\*\\h*}</pre>", Pattern.DOTALL);
    private static final Pattern MARKDOWN = Pattern.compile("```java\\h*\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern ASTERISK = Pattern.compile("(?m)^\\h*\\* ?");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public (?:\\w+ |non-sealed )*?(?:class|interface|record|enum|@interface) (\\w+)");

    private Library() {}

    static List<Path> sources(String module) {
        Path root = Path.of("..", module, "src/main/java");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> sources() {
        return MODULES.stream().flatMap(module -> sources(module).stream()).toList();
    }

    static List<Example> examples() {
        return Stream.concat(sources().stream(), Stream.of(README))
                .flatMap(file -> examples(file).stream())
                .toList();
    }

    static List<Example> examples(Path file) {
        String text = text(file);
        boolean javadoc = !file.equals(README);
        Matcher block = (javadoc ? JAVADOC : MARKDOWN).matcher(text);
        List<Example> found = new ArrayList<>();
        while (block.find()) {
            String code = javadoc ? ASTERISK.matcher(block.group(1)).replaceAll("") : block.group(1);
            found.add(new Example(file, lineAt(text, block.start(1)), code));
        }
        return found;
    }

    static List<PublicType> publicTypes() {
        List<PublicType> types = new ArrayList<>();
        for (Path file : sources()) {
            Matcher type = PUBLIC_TYPE.matcher(text(file));
            while (type.find()) {
                types.add(new PublicType(file, type.group(1)));
            }
        }
        return types;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }
}
