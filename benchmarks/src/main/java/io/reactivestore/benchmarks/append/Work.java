package io.reactivestore.benchmarks.append;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What one caller appends: traces of ten steps, each with a JSON payload of about 300 bytes. */
final class Work {

    static final int STEPS = 10;

    /** An entry to append. */
    record Entry(String traceId, int step, byte[] payload) {}

    private static final byte[][] PAYLOADS = payloads();
    private static final String[] TEXTS = texts();

    private String traceId = "";
    private int step = STEPS;

    Entry next() {
        if (step == STEPS) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            traceId = new UUID(random.nextLong(), random.nextLong()).toString();
            step = 0;
        }
        step++;
        return new Entry(traceId, step, PAYLOADS[ThreadLocalRandom.current().nextInt(PAYLOADS.length)]);
    }

    /** A text that is about as long as the payloads when it is written as JSON. */
    static String text() {
        return TEXTS[ThreadLocalRandom.current().nextInt(TEXTS.length)];
    }

    private static String[] texts() {
        String[] texts = new String[PAYLOADS.length];
        for (int i = 0; i < texts.length; i++) {
            // without what JSON has to escape
            texts[i] = new String(PAYLOADS[i], UTF_8).replace('"', '.');
        }
        return texts;
    }

    private static byte[][] payloads() {
        SplittableRandom random = new SplittableRandom(42);
        byte[][] payloads = new byte[1_024][];
        for (int i = 0; i < payloads.length; i++) {
            StringBuilder json = new StringBuilder("{\"order\":").append(random.nextInt(1_000_000));
            for (int field = 0; json.length() < 290; field++) {
                json.append(",\"f")
                        .append(field)
                        .append("\":\"")
                        .append(Long.toHexString(random.nextLong()))
                        .append('"');
            }
            payloads[i] = json.append('}').toString().getBytes(UTF_8);
        }
        return payloads;
    }
}
