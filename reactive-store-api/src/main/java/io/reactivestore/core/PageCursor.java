package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.journal.JournalEntry;
import java.util.List;

/**
 * Where reading a journal stands. Pages start small, so that most traces are read at once and large payloads do not fill the
 * memory, and then take as many entries as fit into about a mebibyte. One page at a time uses it.
 */
final class PageCursor {

    static final int FIRST_PAGE = 64;

    private static final int LARGEST_PAGE = 1_024;
    private static final long BYTES = 1L << 20;

    private volatile long position;
    private volatile int limit = FIRST_PAGE;
    private volatile boolean atEnd;

    PageCursor(long position) {
        this.position = position;
    }

    long position() {
        return position;
    }

    int limit() {
        return limit;
    }

    /** Whether the last page was not full. */
    boolean isAtEnd() {
        return atEnd;
    }

    void passed(List<JournalEntry> page) {
        atEnd = page.size() < limit;
        if (!page.isEmpty()) {
            position = page.get(page.size() - 1).position();
            long bytes = 1;
            for (JournalEntry entry : page) {
                Payload payload = entry.event().payload();
                bytes += payload == null ? 0 : payload.size();
            }
            limit = (int) Math.max(1, Math.min(LARGEST_PAGE, page.size() * BYTES / bytes));
        }
    }
}
