package io.reactivestore.r2dbc;

import java.io.IOException;

/** A process that holds an H2 file open until its standard input ends. Argument: URL. */
final class H2Holder {

    static final String READY = "holding";

    private H2Holder() {}

    public static void main(String[] args) throws IOException {
        R2dbcStore store = R2dbcStore.create(args[0]);
        store.migrate().block();
        System.out.println(READY);
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(0);
        }
    }
}
