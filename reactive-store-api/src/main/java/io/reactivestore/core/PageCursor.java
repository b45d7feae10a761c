package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.JournalBackend;
import java.util.List;

/** Where reading a journal stands. The first page is small, so that most traces are read at once. One page at a time uses it. */
final class PageCursor {

    static final int FIRST_PAGE = 64;

    private static final int FURTHER_PAGES = 1_024;

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
        long bytes = 0;
        for (JournalEntry entry : page) {
            Payload payload = entry.event().payload();
            bytes += payload == null ? 0 : payload.size();
            position = entry.position();
        }
        atEnd = page.size() < limit && bytes < JournalBackend.PAGE_BYTES;
        limit = FURTHER_PAGES;
    }
}
