package io.reactivestore.engine.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves to a receiver that a delivery comes from who knows the secret, and when it was sent: {@code t=<seconds>,v1=<hex>},
 * where the second part is the HMAC-SHA256 (RFC 2104) of {@code <seconds>.<body>}. The scheme is that of Stripe's
 * {@code Stripe-Signature}; since the time is signed, a delivery that somebody recorded cannot be sent again later.
 *
 * <pre>{@code
 * boolean genuine = WebhookSignature.isGenuine(header, secret, body, Instant.now(), Duration.ofMinutes(5));
 * }</pre>
 */
public final class WebhookSignature {

    /** The header that holds it. */
    public static final String HEADER = "X-Reactive-Store-Signature";

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern FORM = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]{64})");

    private WebhookSignature() {}

    /**
     * Signs a body.
     *
     * @param secret the bytes of the secret
     * @param at when it is sent
     * @param body what is sent
     * @return the value of the header
     */
    public static String of(byte[] secret, Instant at, byte[] body) {
        long seconds = at.getEpochSecond();
        return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(digest(secret, seconds, body));
    }

    /**
     * Checks a signature, as a receiver does. Takes the same time wherever the signature is wrong.
     *
     * @param header the value of the header
     * @param secret the secret, as it was given to {@link WebhookEndpoint#of}
     * @param body what was received, exactly these bytes
     * @param now the receiver's time
     * @param tolerance how old it may be, or ahead of the receiver's clock
     * @return whether it is genuine and fresh
     */
    public static boolean isGenuine(String header, String secret, byte[] body, Instant now, Duration tolerance) {
        Matcher form = FORM.matcher(Objects.requireNonNull(header, "header"));
        if (!form.matches()) {
            return false;
        }
        long seconds = Long.parseLong(form.group(1));
        byte[] expected = digest(secret.getBytes(StandardCharsets.UTF_8), seconds, body);
        boolean same = MessageDigest.isEqual(expected, HexFormat.of().parseHex(form.group(2)));
        return same && Math.abs(now.getEpochSecond() - seconds) <= tolerance.toSeconds();
    }

    private static byte[] digest(byte[] secret, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform must have " + ALGORITHM, e);
        }
    }
}
