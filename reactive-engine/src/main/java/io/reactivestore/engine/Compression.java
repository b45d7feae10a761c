package io.reactivestore.engine;

import io.reactivestore.Payload;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import reactor.core.publisher.Mono;

/** Deflate. The size stands in the header, so that nothing grows beyond what was announced, and allowed. */
record Compression(int fromBytes, int maxBytes) implements PayloadTransform {

    static final String MEDIA_TYPE = "application/vnd.reactivestore.deflated";

    private static final int CHUNK = 8 << 10;

    Compression {
        if (fromBytes < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("sizes must be at least 0, found " + fromBytes + " and " + maxBytes);
        }
    }

    @Override
    public Mono<Payload> write(Payload payload) {
        if (payload.size() < fromBytes || payload.size() > maxBytes) {
            return Mono.just(payload);
        }
        return Frame.work(payload.size(), () -> {
            byte[] header = Frame.header(Integer.toString(payload.size()), payload.mediaType());
            byte[] deflated = deflated(payload.toByteArray());
            return header.length + deflated.length < payload.size()
                    ? Frame.payload(MEDIA_TYPE, header, deflated)
                    : payload;
        });
    }

    @Override
    public Mono<Payload> read(Payload payload) {
        if (!payload.mediaType().equals(MEDIA_TYPE)) {
            return Mono.just(payload);
        }
        return Mono.defer(() -> {
            Frame frame = Frame.of(payload);
            int size = size(payload, frame.text());
            return Frame.work(size, () -> Payload.owning(inflated(payload, frame.body(), size), frame.mediaType()));
        });
    }

    private int size(Payload payload, String announced) {
        int size;
        try {
            size = Integer.parseInt(announced);
        } catch (NumberFormatException foreign) {
            throw Frame.damaged(payload);
        }
        if (size < 0) {
            throw Frame.damaged(payload);
        }
        if (size > maxBytes) {
            throw new PayloadTransformException("A payload of " + payload.size() + " bytes would grow to " + size
                    + ", and " + maxBytes + " are allowed. Allow more, if it is one of yours.");
        }
        return size;
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, bytes.length / 3));
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflated(Payload payload, byte[] body, int size) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(body);
            byte[] bytes = new byte[size];
            int length = 0;
            while (length < size) {
                int more = inflater.inflate(bytes, length, size - length);
                if (more == 0) {
                    throw Frame.damaged(payload);
                }
                length += more;
            }
            if (inflater.inflate(new byte[1]) > 0 || !inflater.finished() || inflater.getRemaining() > 0) {
                throw Frame.damaged(payload);
            }
            return bytes;
        } catch (DataFormatException damage) {
            throw Frame.damaged(payload);
        } finally {
            inflater.end();
        }
    }
}
