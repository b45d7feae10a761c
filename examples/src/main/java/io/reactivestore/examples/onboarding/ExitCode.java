package io.reactivestore.examples.onboarding;

/** What the shell learns. */
final class ExitCode {

    static final int OK = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int UNKNOWN_TRACE = 3;
    static final int DATABASE = 4;
    static final int ENDED = 5;
    static final int KILLED = 137;

    private ExitCode() {}
}
