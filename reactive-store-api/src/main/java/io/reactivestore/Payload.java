package io.reactivestore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.internal.Check;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a step produced, as bytes with a media type. A value: two payloads are equal if bytes and media type are. The store
 * keeps the bytes exactly and checks their SHA-256 on reading. {@link #toString()} shows size and hash, never content.
 *
 * <pre>{@code
 * Payload payload = Payload.json("{\"id\":7}");
 * ByteBuffer bytes = payload.asByteBuffer();
 * }</pre>
 */
public final class Payload {

    /** The media type of JSON text in UTF-8. */
    public static final String JSON = "application/json";

    private static final int MEDIA_TYPE_CHARS = 127;

    private final byte[] bytes;
    private final String mediaType;
    private final Sha256 hash;

    private Payload(byte[] bytes, String mediaType, Sha256 hash) {
        this.bytes = bytes;
        this.mediaType = mediaType;
        this.hash = hash;
    }

    /**
     * Makes a payload of a copy of these bytes.
     *
     * @param bytes the content, may be empty
     * @param mediaType 1 to 127 characters, such as {@code application/json}
     * @return the payload
     */
    public static Payload of(byte[] bytes, String mediaType) {
        return owning(Check.present("bytes", bytes).clone(), mediaType);
    }

    /**
     * Makes a payload that takes these bytes over without a copy. For codecs and adapters that hand over a fresh array.
     *
     * @param bytes the content; the caller must not change it afterwards
     * @param mediaType 1 to 127 characters
     * @return the payload
     */
    public static Payload owning(byte[] bytes, String mediaType) {
        Check.present("bytes", bytes);
        Check.name("mediaType", mediaType, MEDIA_TYPE_CHARS);
        return new Payload(bytes, mediaType, Sha256.of(bytes));
    }

    /**
     * Makes a payload as an adapter read it, with the digest on record instead of a computed one. The store compares them
     * ({@link #isIntact()}) before anybody sees the payload.
     *
     * @param bytes the content; the caller must not change it afterwards
     * @param mediaType 1 to 127 characters
     * @param recorded the digest that was recorded with the bytes
     * @return the payload
     */
    public static Payload restored(byte[] bytes, String mediaType, Sha256 recorded) {
        Check.present("bytes", bytes);
        Check.name("mediaType", mediaType, MEDIA_TYPE_CHARS);
        return new Payload(bytes, mediaType, Check.present("recorded", recorded));
    }

    /**
     * Computes the digest of the bytes again.
     *
     * @return true if it is {@link #hash()}
     */
    public boolean isIntact() {
        return Sha256.of(bytes).equals(hash);
    }

    /**
     * Makes a payload of JSON text.
     *
     * @param json the text; it is stored as given, not parsed
     * @return the payload
     */
    public static Payload json(String json) {
        return owning(Check.present("json", json).getBytes(UTF_8), JSON);
    }

    /**
     * Gives the content as a read-only view, without a copy.
     *
     * @return a new view, positioned at the start
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Gives a copy of the content.
     *
     * @return a new array
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Gives the content as text.
     *
     * @return the bytes read as UTF-8
     */
    public String asText() {
        return new String(bytes, UTF_8);
    }

    /**
     * Tells how large the content is.
     *
     * @return the number of bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Tells what the bytes are.
     *
     * @return the media type
     */
    public String mediaType() {
        return mediaType;
    }

    /**
     * Gives the digest of exactly these bytes.
     *
     * @return the SHA-256
     */
    public Sha256 hash() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that
                && hash.equals(that.hash)
                && mediaType.equals(that.mediaType)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    /** Size, media type and the start of the hash; never the content. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes, " + mediaType + ", sha256 "
                + hash.toString().substring(0, 12) + "]";
    }
}
