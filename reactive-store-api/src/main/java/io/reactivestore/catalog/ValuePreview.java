package io.reactivestore.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Sha256;
import io.reactivestore.internal.Check;

/**
 * The beginning of a value, for people; the value itself stays whole in the journal.
 *
 * <pre>{@code
 * Payload payload = Payload.json("{\"id\":7}");
 * ValuePreview preview = ValuePreview.of(payload.asText(), payload.size(), payload.hash(), 10_240);
 * }</pre>
 *
 * @param text at most {@value #CHARS} characters of it
 * @param isCut whether the value goes on behind the text
 * @param size how many bytes the value has
 * @param hash of the whole value
 */
public record ValuePreview(String text, boolean isCut, int size, Sha256 hash) {

    /** So many characters, counted as Unicode does, are shown. */
    public static final int CHARS = 50;

    /** So many bytes at the beginning of a value are enough to show it. */
    public static final int BYTES = 4 * CHARS;

    /**
     * Cuts a value: to {@value #CHARS} characters, and to so many bytes, never within a character.
     *
     * @param start the beginning of the value as text, or all of it
     * @param size how many bytes the value has
     * @param hash of the whole value
     * @param maxBytes how many bytes of it in UTF-8 are shown at the most, 0 or more
     * @return its preview
     * @throws IllegalArgumentException if {@code maxBytes} is below 0
     */
    public static ValuePreview of(String start, int size, Sha256 hash, int maxBytes) {
        Check.atLeast("maxBytes", maxBytes, 0);
        int end = 0;
        int bytes = 0;
        for (int chars = 0; end < start.length() && chars < CHARS; chars++) {
            int width = Character.charCount(start.codePointAt(end));
            bytes += start.substring(end, end + width).getBytes(UTF_8).length;
            if (bytes > maxBytes) {
                break;
            }
            end += width;
        }
        boolean isCut = end < start.length() || start.getBytes(UTF_8).length < size;
        return new ValuePreview(start.substring(0, end), isCut, size, hash);
    }

    /** The text; if it is cut, with size and hash of the whole. */
    @Override
    public String toString() {
        return isCut ? text + "… [" + size + " bytes, sha256 " + hash.toString().substring(0, 12) + "]" : text;
    }
}
