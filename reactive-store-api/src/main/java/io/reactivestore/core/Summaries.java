package io.reactivestore.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.catalog.ValuePreview;
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
                output == null || !isText(output.mediaType()) ? null : preview(output, maxBytes));
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

    private static ValuePreview preview(Output output, OptionalInt maxBytes) {
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
