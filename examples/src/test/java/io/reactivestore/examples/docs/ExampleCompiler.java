package io.reactivestore.examples.docs;

import com.sun.source.util.JavacTask;
import io.reactivestore.examples.docs.ExampleClass.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Checks examples with the compiler that runs the tests, against their class path; writes no classes. */
final class ExampleCompiler {

    // FLOW: without it, one example that does not parse would hide the mistakes in all others
    private static final List<String> OPTIONS =
            List.of("-proc:none", "--should-stop=ifError=FLOW", "-classpath", System.getProperty("java.class.path"));

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

    /** Tells what is wrong, a line for each mistake; empty if all compile. */
    List<String> check(List<Example> examples) {
        List<ExampleClass> classes = new ArrayList<>();
        for (Example example : examples) {
            classes.add(wrap(example, classes.size() + 1));
        }
        DiagnosticCollector<JavaFileObject> log = new DiagnosticCollector<>();
        try {
            task(classes, log).analyze();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return errors(log).stream().map(ExampleCompiler::describe).toList();
    }

    /** Statements, unless only members parse. */
    private ExampleClass wrap(Example example, int number) {
        ExampleClass statements = new ExampleClass(example, number, Form.STATEMENTS);
        ExampleClass members = new ExampleClass(example, number, Form.MEMBERS);
        return !parses(statements) && parses(members) ? members : statements;
    }

    private boolean parses(ExampleClass source) {
        DiagnosticCollector<JavaFileObject> log = new DiagnosticCollector<>();
        try {
            task(List.of(source), log).parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return errors(log).isEmpty();
    }

    private JavacTask task(List<ExampleClass> classes, DiagnosticCollector<JavaFileObject> log) {
        return (JavacTask) javac.getTask(null, null, log, OPTIONS, null, classes);
    }

    private static List<Diagnostic<? extends JavaFileObject>> errors(DiagnosticCollector<JavaFileObject> log) {
        return log.getDiagnostics().stream()
                .<Diagnostic<? extends JavaFileObject>>map(found -> found)
                .filter(found -> found.getKind() == Diagnostic.Kind.ERROR)
                .toList();
    }

    private static String describe(Diagnostic<? extends JavaFileObject> error) {
        String what =
                error.getMessage(Locale.ROOT).lines().map(String::strip).reduce("", (all, line) -> all + " " + line);
        if (!(error.getSource() instanceof ExampleClass source)) {
            return "javac:" + what;
        }
        Example example = source.example();
        return example.place(source.lineOfCode(error.getLineNumber())) + ":" + what + " (in the example \""
                + example.firstLine() + "\")";
    }
}
