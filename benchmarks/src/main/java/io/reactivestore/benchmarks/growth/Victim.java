package io.reactivestore.benchmarks.growth;

import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A process that runs traces until it is killed, and writes down every step it ran where a kill does not reach it. */
public final class Victim {

    static final int STEPS = 10;
    private static final Duration STEP = Duration.ofMillis(20);

    private Victim() {}

    /**
     * Runs traces.
     *
     * @param args the database, the schema, the file for the steps, the number of traces
     * @throws IOException if there is no such file
     */
    public static void main(String[] args) throws IOException {
        R2dbcStore store = R2dbcStore.create(args[0], R2dbcConfig.defaults().withSchema(args[1]));
        FileChannel file = FileChannel.open(Path.of(args[2]), StandardOpenOption.APPEND);
        Workflow<String, Long> workflow = workflow(step -> write(file, step));
        DurableEngine engine = DurableEngine.builder(store).register(workflow).build();
        int traces = Integer.parseInt(args[3]);
        Flux.range(0, traces)
                .flatMap(n -> engine.run(workflow, "killed-" + n, "killed-" + n), traces)
                .blockLast();
        System.exit(0);
    }

    /** Ten steps of 20 ms each; every one says its name when it has run. */
    static Workflow<String, Long> workflow(Consumer<String> ran) {
        return Workflow.named("killed")
                .input(String.class)
                .output(Long.class)
                .body((ctx, id) -> Flux.range(0, STEPS)
                        .concatMap(i -> ctx.step(
                                "work-" + i,
                                Integer.class,
                                () -> Mono.delay(STEP).map(tick -> {
                                    ran.accept(id + "/" + i);
                                    return i;
                                })))
                        .count());
    }

    private static void write(FileChannel file, String step) {
        try {
            file.write(ByteBuffer.wrap((step + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
