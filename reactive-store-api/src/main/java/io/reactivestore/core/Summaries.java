package io.reactivestore.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Payload;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.facts.FactReference;
import io.reactivestore.spi.CatalogBackend.Outline;
import io.reactivestore.spi.CatalogBackend.Output;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What heads and outlines amount to for people. */
final class Summaries {

    /** What a cut within a character decodes to. */
    private static final char REPLACEMENT = '\uFFFD';

    private Summaries() {}

    static TraceSummary of(TraceHead head, TraceTags tags, @Nullable Outline outline, OptionalInt maxBytes) {
        boolean hasEnded = head.status() != TraceStatus.RUNNING && head.status() != TraceStatus.WAITING;
        Output output = hasEnded && outline != null ? outline.output() : null;
        return new TraceSummary(
                head,
                tags,
                outline == null ? 0 : outline.steps(),
                hasEnded ? duration(head) : null,
                output == null ? null : preview(output, maxBytes));
    }

    private static @Nullable ValuePreview preview(Output output, OptionalInt maxBytes) {
        if (output.mediaType().equals(FactReference.MEDIA_TYPE)) {
            return ofFact(output);
        }
        return isText(output.mediaType()) ? ofText(output, maxBytes) : null;
    }

    /** What is kept elsewhere is not read for a list; and what only looks like a reference must not be the end of it. */
    private static @Nullable ValuePreview ofFact(Output output) {
        byte[] bytes = new byte[output.start().remaining()];
        output.start().duplicate().get(bytes);
        try {
            FactReference reference = FactReference.of(Payload.of(bytes, output.mediaType()));
            return reference == null || !isText(reference.mediaType())
                    ? null
                    : new ValuePreview("", true, reference.size(), reference.key());
        } catch (IllegalArgumentException isNone) {
            return null;
        }
    }

    private static Duration duration(TraceHead head) {
        Duration duration = Duration.between(head.createdAt(), head.updatedAt());
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static boolean isText(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return type.startsWith("text/")
                || type.equals("application/json")
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || type.equals("application/xml");
    }

    private static ValuePreview ofText(Output output, OptionalInt maxBytes) {
        boolean isWhole = output.start().remaining() == output.size();
        String text = UTF_8.decode(output.start().duplicate()).toString();
        int end = text.length();
        while (!isWhole && end > 0 && text.charAt(end - 1) == REPLACEMENT) {
            end--;
        }
        return ValuePreview.of(
                text.substring(0, end), output.size(), output.hash(), maxBytes.orElse(Integer.MAX_VALUE));
    }
}
