package io.reactivestore.engine;

import io.reactivestore.Payload;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import reactor.core.publisher.Mono;

/** AES-GCM. The header (key id and media type) is authenticated with the content; the nonce stands before the content. */
final class Encryption implements PayloadTransform {

    static final String MEDIA_TYPE = "application/vnd.reactivestore.sealed";

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final KeyService keys;
    private final SecureRandom random;

    Encryption(KeyService keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.random = seeded();
        // the first look for a cipher reads files
        cipher();
    }

    /** Seeded here, as to ask the system for randomness blocks; from then on it is arithmetic. */
    private static SecureRandom seeded() {
        try {
            SecureRandom random = SecureRandom.getInstance("DRBG");
            random.nextBytes(new byte[1]);
            return random;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must have DRBG", e);
        }
    }

    @Override
    public Mono<Payload> write(Payload payload) {
        return keys.current()
                .switchIfEmpty(Mono.error(
                        () -> new PayloadTransformException("The key service gives no key to encrypt with.")))
                .flatMap(key -> Frame.work(payload.size(), () -> sealed(payload, key)));
    }

    private Payload sealed(Payload payload, EncryptionKey key) {
        byte[] header = Frame.header(key.id(), payload.mediaType());
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] content = cipher(Cipher.ENCRYPT_MODE, key, nonce, header).doFinal(payload.toByteArray());
            return Frame.payload(MEDIA_TYPE, header, nonce, content);
        } catch (GeneralSecurityException e) {
            throw new PayloadTransformException("The key '" + key.id() + "' cannot be used for AES-GCM ("
                    + e.getClass().getSimpleName() + ").");
        }
    }

    @Override
    public Mono<Payload> read(Payload payload) {
        if (!payload.mediaType().equals(MEDIA_TYPE)) {
            return Mono.just(payload);
        }
        return Mono.defer(() -> {
            Frame frame = Frame.of(payload);
            if (!EncryptionKey.isId(frame.text())) {
                throw Frame.damaged(payload);
            }
            return keys.find(frame.text())
                    .switchIfEmpty(Mono.error(() -> new UnknownKeyException(frame.text())))
                    .flatMap(key -> Frame.work(payload.size(), () -> opened(payload, frame, key)));
        });
    }

    private static Payload opened(Payload payload, Frame frame, EncryptionKey key) {
        byte[] body = frame.body();
        if (body.length < NONCE_BYTES + TAG_BITS / 8) {
            throw Frame.damaged(payload);
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(body, NONCE_BYTES), frame.header());
            return Payload.owning(cipher.doFinal(body, NONCE_BYTES, body.length - NONCE_BYTES), frame.mediaType());
        } catch (GeneralSecurityException | ProviderException e) {
            throw Frame.damaged(payload);
        }
    }

    private static Cipher cipher(int mode, EncryptionKey key, byte[] nonce, byte[] header)
            throws GeneralSecurityException {
        Cipher cipher = cipher();
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        return cipher;
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must have AES/GCM/NoPadding", e);
        }
    }

    /** Nothing of the keys. */
    @Override
    public String toString() {
        return "Encryption";
    }
}
