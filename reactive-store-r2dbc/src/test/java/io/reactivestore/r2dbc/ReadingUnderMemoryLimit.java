package io.reactivestore.r2dbc;

import io.reactivestore.Capability;
import io.reactivestore.Payload;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** A process that reads the journal of one trace, an entry at a time, and prints what it found. Arguments: URL, trace. */
final class ReadingUnderMemoryLimit {

    private ReadingUnderMemoryLimit() {}

    public static void main(String[] args) {
        R2dbcStore store = R2dbcStore.create(args[0]);
        long[] found = new long[2];
        store.require(Capability.JOURNAL)
                .read(args[1], 0)
                .concatMap(
                        entry -> Mono.fromRunnable(() -> {
                            Payload payload =
                                    Objects.requireNonNull(entry.event().payload());
                            found[0]++;
                            found[1] += payload.size();
                        }),
                        0)
                .then(store.close())
                .block();
        System.out.println("entries=" + found[0] + " bytes=" + found[1]);
        Runtime.getRuntime().halt(0);
    }
}
