package io.reactivestore.examples.onboarding;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** What a person reads: plain words, in colour only where a person can see it. */
record Terminal(PrintStream out, PrintStream err, boolean coloured, boolean unicode) {

    static Terminal ofThisProcess() {
        return new Terminal(System.out, System.err, isColoured(System.getenv()), isUnicode());
    }

    private static boolean isColoured(Map<String, String> environment) {
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
        return wanted && isTerminal(System.console());
    }

    /** From Java 22 on there is a console even when nobody sits before it. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static boolean isUnicode() {
        String encoding = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
        return Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    }

    Ansi ansi() {
        return coloured ? Ansi.ON : Ansi.OFF;
    }

    void line(String text) {
        out.println(text);
    }

    void error(String text) {
        err.println(red("demo: ") + text);
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    String mark(String fancy, String plain) {
        return unicode ? fancy : plain;
    }

    private String styled(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
