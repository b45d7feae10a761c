package io.reactivestore;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 digest (FIPS 180-4) of a payload's stored bytes, as a value.
 *
 * <pre>{@code
 * Sha256 hash = Sha256.of("hello".getBytes(StandardCharsets.UTF_8));
 * String hex = hash.toString();
 * }</pre>
 *
 * @param a bytes 0 to 7, big endian
 * @param b bytes 8 to 15
 * @param c bytes 16 to 23
 * @param d bytes 24 to 31
 */
public record Sha256(long a, long b, long c, long d) {

    /** One per thread: making one for each payload costs more than digesting a small one. */
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::newDigest);

    /** The length of a digest in bytes. */
    public static final int BYTES = 32;

    /**
     * Computes the digest.
     *
     * @param content the bytes to digest
     * @return their digest
     */
    public static Sha256 of(byte[] content) {
        return fromBytes(DIGEST.get().digest(content));
    }

    /**
     * Reads a digest from its 32 bytes.
     *
     * @param digest exactly 32 bytes
     * @return the digest
     * @throws IllegalArgumentException if there are more or fewer bytes
     */
    public static Sha256 fromBytes(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, found " + digest.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(digest);
        return new Sha256(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /**
     * Gives the 32 bytes.
     *
     * @return a new array
     */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    /** The digest in 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
