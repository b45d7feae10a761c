package io.reactivestore.engine.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A receiver: its name, which is all that a store knows of it, where it is, and the secret it shares with the sender.
 *
 * <pre>{@code
 * WebhookEndpoint billing = WebhookEndpoint.of("billing", "https://billing.example.com/ends", secret);
 * }</pre>
 */
public final class WebhookEndpoint {

    /** The shortest secret: as long as the digest, see RFC 2104, section 3. */
    public static final int MIN_SECRET_BYTES = 32;

    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final String name;
    private final URI uri;
    private final byte[] secret;

    private WebhookEndpoint(String name, URI uri, byte[] secret) {
        this.name = name;
        this.uri = uri;
        this.secret = secret;
    }

    /**
     * A receiver.
     *
     * @param name what workflows call it, 1 to 255 characters
     * @param url where it is: http or https, without user and password
     * @param secret what it shares with the sender, at least {@value #MIN_SECRET_BYTES} bytes in UTF-8
     * @return the receiver
     * @throws IllegalArgumentException if an argument is not of that form; the message shows neither the secret nor the URL
     */
    public static WebhookEndpoint of(String name, String url, String secret) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > 255) {
            throw new IllegalArgumentException("name must have 1 to 255 characters, found " + name.length());
        }
        byte[] key = Objects.requireNonNull(secret, "secret").getBytes(StandardCharsets.UTF_8);
        if (secret.isBlank() || key.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("the secret of endpoint '" + name + "' must have at least "
                    + MIN_SECRET_BYTES + " bytes, found " + key.length);
        }
        return new WebhookEndpoint(name, uri(name, Objects.requireNonNull(url, "url")), key);
    }

    private static URI uri(String name, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            // without the cause, whose message holds the URL
            throw new IllegalArgumentException("the URL of endpoint '" + name + "' is not one");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("the URL of endpoint '" + name
                    + "' must be http or https, name a host, and hold neither user nor password");
        }
        return uri;
    }

    /**
     * Gives the name.
     *
     * @return what workflows call it
     */
    public String name() {
        return name;
    }

    URI uri() {
        return uri;
    }

    byte[] secret() {
        return secret;
    }

    /** The name only: a URL may hold a secret of its own. */
    @Override
    public String toString() {
        return "WebhookEndpoint[" + name + "]";
    }
}
