package io.reactivestore.examples.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A public top-level type of the library. */
record PublicType(Path file, String name) {

    /** The places where somebody who meets the type looks for an example of it. */
    private List<Path> places() {
        return Stream.of(file, packageInfo(), Library.README)
                .filter(Files::exists)
                .toList();
    }

    boolean hasExample() {
        return places().stream()
                .flatMap(place -> Library.examples(place).stream())
                .anyMatch(example -> example.mentions(name));
    }

    /** Errors share the example of their package, in which each is listed with cause and remedy. */
    boolean isListedError() {
        return name.endsWith("Exception")
                && !Library.examples(packageInfo()).isEmpty()
                && Library.text(packageInfo()).contains("<li>{@link " + packageName() + "." + name + "}: ");
    }

    String packageName() {
        String path = file.toString().replace('\\', '/');
        return path.substring(path.indexOf("/java/") + "/java/".length(), path.lastIndexOf('/'))
                .replace('/', '.');
    }

    private Path packageInfo() {
        return file.resolveSibling("package-info.java");
    }
}
