package io.reactivestore.facts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.internal.Check;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a journal instead of a content that is kept as a fact. As a payload it is JSON, so that an operator can read it.
 *
 * <pre>{@code
 * FactReference reference = FactReference.to(Payload.json("[1, 2, 3]"));
 * Payload entry = reference.toPayload();
 * FactReference same = FactReference.of(entry);
 * }</pre>
 *
 * @param key the digest of the content
 * @param size how many bytes the content has
 * @param mediaType what the bytes are
 */
public record FactReference(Sha256 key, int size, String mediaType) {

    /** The media type of a reference. */
    public static final String MEDIA_TYPE = "application/vnd.reactivestore.fact+json";

    private static final Pattern FORM = Pattern.compile(
            "\\{\"sha256\":\"([0-9a-f]{64})\",\"size\":(\\d{1,10}),\"mediaType\":\"((?:[^\"\\\\]|\\\\.)++)\"}");

    /**
     * Checks that everything is there.
     *
     * @param key the digest of the content
     * @param size at least 0
     * @param mediaType 1 to 127 characters
     * @throws IllegalArgumentException naming what is not of that form
     */
    public FactReference {
        Check.present("key", key);
        Check.atLeast("size", size, 0);
        Check.name("mediaType", mediaType, 127);
    }

    /**
     * The reference to a content, whether it is kept or not.
     *
     * @param content the content
     * @return its reference
     */
    public static FactReference to(Payload content) {
        return new FactReference(content.hash(), content.size(), content.mediaType());
    }

    /**
     * Reads a payload that may be a reference.
     *
     * @param payload what stands in a journal
     * @return the reference, or null if the payload is of another media type
     * @throws IllegalArgumentException if it is of the media type of a reference, but not a reference
     */
    public static @Nullable FactReference of(Payload payload) {
        if (!payload.mediaType().equals(MEDIA_TYPE)) {
            return null;
        }
        Matcher found = FORM.matcher(payload.asText());
        if (!found.matches()) {
            throw new IllegalArgumentException("a payload of media type " + MEDIA_TYPE
                    + " is not a reference to a fact; it was not written by this library");
        }
        Sha256 key = Sha256.fromBytes(HexFormat.of().parseHex(found.group(1)));
        String mediaType = found.group(3).replaceAll("\\\\(.)", "$1");
        return new FactReference(key, Integer.parseInt(found.group(2)), mediaType);
    }

    /**
     * Gives what stands in the journal.
     *
     * @return a payload of media type {@value #MEDIA_TYPE}; the same bytes for the same reference
     */
    public Payload toPayload() {
        String type = mediaType.replace("\\", "\\\\").replace("\"", "\\\"");
        String json = "{\"sha256\":\"" + key + "\",\"size\":" + size + ",\"mediaType\":\"" + type + "\"}";
        return Payload.owning(json.getBytes(UTF_8), MEDIA_TYPE);
    }
}
