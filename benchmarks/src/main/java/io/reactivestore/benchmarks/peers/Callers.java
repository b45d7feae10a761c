package io.reactivestore.benchmarks.peers;

import io.reactivestore.benchmarks.host.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** The callers of a blocking library: virtual threads where Java has them, else platform threads, which live until closed. */
final class Callers implements AutoCloseable {

    private final ExecutorService threads;

    Callers() {
        ThreadFactory virtual = VirtualThreads.factory();
        threads = virtual == null ? Executors.newCachedThreadPool() : Executors.newCachedThreadPool(virtual);
    }

    /** Lets each caller do one workflow after the other. */
    void drive(int inFlight, Flows load, Callable<?> workflow) throws Exception {
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            callers.add(threads.submit(() -> {
                do {
                    long begun = load.begin();
                    workflow.call();
                    load.ended(begun);
                } while (load.another());
                return null;
            }));
        }
        for (Future<?> caller : callers) {
            try {
                caller.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
