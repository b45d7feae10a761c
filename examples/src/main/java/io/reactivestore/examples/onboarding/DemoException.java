package io.reactivestore.examples.onboarding;

/** Trouble the person can do something about: one line, and an exit code. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    DemoException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
