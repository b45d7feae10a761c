package io.reactivestore.r2dbc;

import reactor.core.publisher.Flux;

/**
 * A process of its own that appends until it is killed, and writes a line to its standard output for every acknowledgement.
 * Arguments: URL, table prefix, number of the first trace, stride, callers.
 */
final class AppendingProcess {

    static final String READY = "ready";

    private AppendingProcess() {}

    public static void main(String[] args) {
        ProcessHandle.current()
                .parent()
                .orElseThrow()
                .onExit()
                .thenRun(() -> Runtime.getRuntime().halt(2));
        R2dbcStore store = R2dbcStore.create(args[0], R2dbcConfig.defaults().withTablePrefix(args[1]));
        say(READY);
        Flux<Ack> acks = Workload.takingUp(store)
                .run(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        store.migrate().thenMany(acks).doOnNext(ack -> say(ack.toLine())).blockLast();
    }

    private static void say(String line) {
        System.out.print(line + "\n");
        if (System.out.checkError()) { // flushes
            Runtime.getRuntime().halt(3);
        }
    }
}
