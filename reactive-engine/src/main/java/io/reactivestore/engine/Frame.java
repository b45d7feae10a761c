package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Payload;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What transforms write: a version, a text (who wrote it with what), the media type of the content; behind that the content as it
 * was changed.
 *
 * @param text what is needed to read the content; readable
 * @param mediaType the media type of the content
 * @param header the bytes before the content
 * @param body the bytes of the content
 */
record Frame(String text, String mediaType, byte[] header, byte[] body) {

    private static final byte VERSION = 1;

    /** From this size on, work on a payload is not done on the thread that asks. */
    private static final int LARGE = 64 << 10;

    static byte[] header(String text, String mediaType) {
        byte[] first = text.getBytes(UTF_8);
        byte[] second = mediaType.getBytes(UTF_8);
        return ByteBuffer.allocate(5 + first.length + second.length)
                .put(VERSION)
                .putShort((short) first.length)
                .put(first)
                .putShort((short) second.length)
                .put(second)
                .array();
    }

    /**
     * Reads what was written.
     *
     * @throws PayloadTransformException if it is not of that form
     */
    static Frame of(Payload payload) {
        byte[] bytes = payload.toByteArray();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            byte version = buffer.get();
            if (version != VERSION) {
                throw new PayloadTransformException("A payload of " + payload.mediaType() + " is of version " + version
                        + "; this library reads version " + VERSION + ". Use a newer one.");
            }
            String text = text(buffer);
            String mediaType = text(buffer);
            int start = buffer.position();
            return new Frame(
                    text, mediaType, Arrays.copyOf(bytes, start), Arrays.copyOfRange(bytes, start, bytes.length));
        } catch (BufferUnderflowException tooShort) {
            throw damaged(payload);
        }
    }

    private static String text(ByteBuffer buffer) {
        byte[] text = new byte[buffer.getShort() & 0xFFFF];
        buffer.get(text);
        return new String(text, UTF_8);
    }

    static PayloadTransformException damaged(Payload payload) {
        return new PayloadTransformException("A payload of " + payload.mediaType() + ", " + payload.size()
                + " bytes, cannot be read: it is damaged, or its key is another than the one of that id.");
    }

    static Payload payload(String type, byte[] header, byte[]... rest) {
        int size = header.length;
        for (byte[] part : rest) {
            size += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size).put(header);
        for (byte[] part : rest) {
            all.put(part);
        }
        return Payload.owning(all.array(), type);
    }

    /** Does work on a payload, of a large one not on the thread that asks, which may have others to serve. */
    static Mono<Payload> work(int size, Callable<Payload> work) {
        Mono<Payload> done = Mono.fromCallable(work);
        return size < LARGE ? done : done.subscribeOn(Schedulers.parallel());
    }
}
