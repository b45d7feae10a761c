package io.reactivestore.engine;

import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of {@link PayloadTransform#encryption}, and the id by which payloads name it. The id of a key never stands for another one.
 *
 * <pre>{@code
 * EncryptionKey key = EncryptionKey.of("2026-11", new byte[32]);
 * }</pre>
 */
public final class EncryptionKey {

    private static final int ID_CHARS = 100;

    private final String id;
    private final SecretKey secret;

    private EncryptionKey(String id, SecretKey secret) {
        this.id = id;
        this.secret = secret;
    }

    /**
     * Makes a key of its bytes, which are copied.
     *
     * @param id 1 to 100 characters without control characters; readable in the database
     * @param bytes 16, 24 or 32 random bytes
     * @return the key
     * @throws IllegalArgumentException if one is not of that form
     */
    public static EncryptionKey of(String id, byte[] bytes) {
        if (bytes.length != 16 && bytes.length != 24 && bytes.length != 32) {
            throw new IllegalArgumentException("a key has 16, 24 or 32 bytes, found " + bytes.length);
        }
        return of(id, new SecretKeySpec(bytes, "AES"));
    }

    /**
     * Makes a key of one that a provider keeps.
     *
     * @param id 1 to 100 characters without control characters; readable in the database
     * @param secret an AES key
     * @return the key
     * @throws IllegalArgumentException if one is not of that form
     */
    public static EncryptionKey of(String id, SecretKey secret) {
        Objects.requireNonNull(secret, "secret");
        if (!isId(id)) {
            throw new IllegalArgumentException("the id of a key has 1 to " + ID_CHARS
                    + " characters, none of them a control character, found " + id.length());
        }
        if (!secret.getAlgorithm().equals("AES")) {
            throw new IllegalArgumentException("a key is for AES, found one for " + secret.getAlgorithm());
        }
        return new EncryptionKey(id, secret);
    }

    /** What a payload names before it is known who wrote it is not looked for, nor told, if it cannot be an id. */
    static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= ID_CHARS && id.chars().noneMatch(Character::isISOControl);
    }

    /**
     * Gives the id.
     *
     * @return what payloads name the key by
     */
    public String id() {
        return id;
    }

    SecretKey secret() {
        return secret;
    }

    /** The id, never the key. */
    @Override
    public String toString() {
        return "EncryptionKey[" + id + "]";
    }
}
