package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The transforms by themselves. */
class PayloadTransformTest {

    private static final Payload SECRET = Payload.json("{\"iban\":\"DE02 1203 0000 0000 2020 51\"}");

    private static EncryptionKey key(String id, int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return EncryptionKey.of(id, bytes);
    }

    private static PayloadTransform encryption(EncryptionKey current, EncryptionKey... old) {
        return PayloadTransform.encryption(KeyService.of(current, old));
    }

    private static Payload written(PayloadTransform transform, Payload payload) {
        return transform.write(payload).block();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 63 << 10, 64 << 10, 3 << 20})
    void what_is_compressed_or_encrypted_comes_back_to_the_bit(int size) {
        byte[] random = new byte[size];
        new Random(size).nextBytes(random);
        Payload dense = Payload.of(random, "image/png");
        Payload thin = Payload.of(new byte[size], "text/x; a=\"ü\"");
        for (PayloadTransform transform : List.of(
                PayloadTransform.compression(), PayloadTransform.compression(0, 1 << 30), encryption(key("k", 1)))) {
            for (Payload payload : List.of(dense, thin)) {
                StepVerifier.create(transform.write(payload).flatMap(transform::read))
                        .expectNext(payload)
                        .verifyComplete();
            }
        }
    }

    @Test
    void what_does_not_get_smaller_is_not_compressed() {
        byte[] random = new byte[10_000];
        new Random(1).nextBytes(random);
        Payload dense = Payload.of(random, "image/png");
        Payload small = Payload.of(new byte[1_023], "text/plain");
        Payload large = Payload.of(new byte[100_000], "text/plain");
        PayloadTransform compression = PayloadTransform.compression();
        assertThat(written(compression, dense)).isSameAs(dense);
        assertThat(written(compression, small)).isSameAs(small);
        assertThat(written(compression, large).size()).isLessThan(1_000);
        assertThat(written(compression, large)).isEqualTo(written(compression, large));
    }

    @Test
    void a_payload_that_would_grow_too_large_is_refused_before_it_does() {
        Payload bomb = written(PayloadTransform.compression(0, 100 << 20), Payload.of(new byte[50 << 20], "x"));
        assertThat(bomb.size()).isLessThan(100_000);
        assertThatThrownBy(() -> PayloadTransform.compression().read(bomb).block())
                .isInstanceOf(PayloadTransformException.class)
                .hasMessageContaining("52428800");
        // one that lies about its size
        String lie = "52428800";
        byte[] bytes = bomb.toByteArray();
        assertThat(new String(bytes, 3, lie.length(), UTF_8)).isEqualTo(lie);
        System.arraycopy("00001000".getBytes(UTF_8), 0, bytes, 3, lie.length());
        Payload liar = Payload.of(bytes, bomb.mediaType());
        assertThatThrownBy(() -> PayloadTransform.compression().read(liar).block())
                .isInstanceOf(PayloadTransformException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void what_a_transform_did_not_write_it_passes_on() {
        Payload plain = Payload.json("1");
        assertThat(PayloadTransform.compression().read(plain).block()).isSameAs(plain);
        assertThat(encryption(key("k", 1)).read(plain).block()).isSameAs(plain);
        Payload sealed = written(encryption(key("k", 1)), plain);
        assertThat(PayloadTransform.compression().read(sealed).block()).isSameAs(sealed);
    }

    @Test
    void the_same_content_is_encrypted_to_other_bytes_each_time_and_none_of_it_shows() {
        PayloadTransform encryption = encryption(key("2026-11", 1));
        Set<Payload> all = new HashSet<>();
        for (int n = 0; n < 1_000; n++) {
            all.add(written(encryption, SECRET));
        }
        assertThat(all)
                .hasSize(1_000)
                .allSatisfy(one -> assertThat(new String(one.toByteArray(), UTF_8))
                        .contains("2026-11")
                        .doesNotContain("iban"));
    }

    @Test
    void keys_may_be_rotated_and_old_ones_are_still_read() {
        EncryptionKey old = key("2025", 1);
        EncryptionKey current = key("2026", 2);
        Payload before = written(encryption(old), SECRET);
        PayloadTransform rotated = encryption(current, old);
        Payload after = written(rotated, SECRET);
        assertThat(rotated.read(before).block()).isEqualTo(SECRET);
        assertThat(rotated.read(after).block()).isEqualTo(SECRET);
        assertThat(encryption(current).read(after).block()).isEqualTo(SECRET);
        assertThatThrownBy(() -> encryption(current).read(before).block())
                .isInstanceOfSatisfying(
                        UnknownKeyException.class,
                        error -> assertThat(error.keyId()).isEqualTo("2025"));
    }

    @Test
    void a_change_of_any_byte_is_noticed() {
        PayloadTransform encryption = encryption(key("k", 1));
        Payload sealed = written(encryption, SECRET);
        for (int i = 0; i < sealed.size(); i++) {
            byte[] bytes = sealed.toByteArray();
            bytes[i] ^= 1;
            Payload changed = Payload.of(bytes, sealed.mediaType());
            assertThatThrownBy(() -> encryption.read(changed).block())
                    .as("byte %d", i)
                    .isInstanceOf(PayloadTransformException.class);
        }
        for (int size = 0; size < sealed.size(); size++) {
            Payload cut = Payload.of(Arrays.copyOf(sealed.toByteArray(), size), sealed.mediaType());
            assertThatThrownBy(() -> encryption.read(cut).block()).isInstanceOf(PayloadTransformException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nforged line", "too long"})
    void what_cannot_be_the_id_of_a_key_is_damage_and_is_not_repeated(String id) {
        String forged = id.equals("too long") ? id.repeat(5_000) : id;
        byte[] header = Frame.header(forged, Payload.JSON);
        Payload payload = Frame.payload(Encryption.MEDIA_TYPE, header, new byte[100]);
        StepVerifier.create(encryption(key("k", 1)).read(payload))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isExactlyInstanceOf(PayloadTransformException.class)
                        .hasMessageNotContaining("forged")
                        .hasMessageNotContaining("too long"));
        assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKey.of(forged, new byte[32]));
    }

    @Test
    void another_key_of_the_same_id_reads_nothing() {
        Payload sealed = written(encryption(key("k", 1)), SECRET);
        assertThatThrownBy(() -> encryption(key("k", 2)).read(sealed).block())
                .isExactlyInstanceOf(PayloadTransformException.class);
    }

    @Test
    void the_key_service_is_asked_on_subscription_and_its_errors_are_signalled() {
        List<String> asked = new ArrayList<>();
        KeyService keys = new KeyService() {
            @Override
            public Mono<EncryptionKey> current() {
                return Mono.fromSupplier(() -> {
                    asked.add("current");
                    return key("k", 1);
                });
            }

            @Override
            public Mono<EncryptionKey> find(String id) {
                asked.add(id);
                return Mono.error(new IllegalStateException("no connection"));
            }
        };
        Mono<Payload> writing = PayloadTransform.encryption(keys).write(SECRET);
        assertThat(asked).isEmpty();
        Payload sealed = writing.block();
        assertThat(asked).containsExactly("current");
        StepVerifier.create(PayloadTransform.encryption(keys).read(sealed)).verifyErrorMessage("no connection");
    }

    @Test
    void a_key_shows_its_id_and_never_itself() {
        EncryptionKey key = EncryptionKey.of("k", new byte[16]);
        KeyService keys = KeyService.of(key);
        assertThat(key).hasToString("EncryptionKey[k]");
        assertThat(keys).hasToString("keys [k]");
        assertThat(PayloadTransform.encryption(keys)).hasToString("Encryption");
        assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKey.of("k", new byte[15]));
        assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKey.of("", new byte[16]));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyService.of(key, key));
    }
}
