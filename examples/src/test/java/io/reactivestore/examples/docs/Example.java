package io.reactivestore.examples.docs;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A block of code in a comment or a page.
 *
 * @param file where it stands
 * @param line the line of the file on which its code begins
 * @param code its lines, without the asterisks of the comment
 */
record Example(Path file, int line, String code) {

    boolean mentions(String type) {
        return Pattern.compile("\\b" + type + "\\b").matcher(code).find();
    }

    /** As editors and build logs link it. */
    String place(long lineOfCode) {
        return file + ":" + (line + lineOfCode - 1);
    }

    String firstLine() {
        return code.lines().findFirst().orElse("").strip();
    }
}
