package io.reactivestore.testkit;

import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;

/**
 * What an adapter hands to {@link StoreConformance}: one set of data, empty at first, that any number of stores can be opened
 * over.
 *
 * <pre>{@code
 * final class InMemoryFixture implements StoreFixture {
 *     private final InMemoryBackend backend = new InMemoryBackend();
 *
 *     @Override
 *     public ReactiveStore open() {
 *         return JournaledStore.over(backend, StoreConfig.defaults());
 *     }
 *
 *     @Override
 *     public void corruptPayload(String traceId, long position) {
 *         Assumptions.abort("nobody can reach the memory of this backend");
 *     }
 *
 *     @Override
 *     public OptionalInt connectionsInUse() {
 *         return OptionalInt.empty();
 *     }
 *
 *     @Override
 *     public void close() {}
 * }
 * }</pre>
 */
public interface StoreFixture extends AutoCloseable {

    /**
     * Opens a store over the data of this fixture as another process would: with a writer of its own, and with nothing in
     * memory that another store of this fixture learnt. Closing one store leaves the others at work. The kit closes what it
     * opened.
     *
     * @return a new store
     */
    ReactiveStore open();

    /**
     * Changes at least one byte of a recorded payload behind the back of every store, and leaves its recorded hash alone. A
     * backend whose bytes nobody can reach calls {@code Assumptions.abort} and says why.
     *
     * @param traceId the trace
     * @param position the position of an entry with a payload that is not empty
     */
    void corruptPayload(String traceId, long position);

    /**
     * Changes at least one byte of a fact behind the back of every store, and leaves its key alone. Unless it is overridden, the
     * rule that needs it is skipped.
     *
     * @param key the key of a fact that is kept
     */
    default void corruptFact(Sha256 key) {
        Assumptions.abort("this fixture cannot damage a fact");
    }

    /**
     * Changes at least one byte of a snapshot behind the back of every store, and leaves its hash alone. Unless it is overridden,
     * the rules that need it are skipped.
     *
     * @param traceId the trace
     * @param version the version of a snapshot that is kept
     */
    default void corruptSnapshot(String traceId, String version) {
        Assumptions.abort("this fixture cannot damage a snapshot");
    }

    /**
     * Counts the connections that the stores of this fixture hold at this moment, for the search for leaks.
     *
     * @return how many connections are in use (idle ones do not count), or empty if this backend has no connections
     */
    OptionalInt connectionsInUse();

    /** Removes the data and releases what the fixture owns. Called once, after every store was closed. */
    @Override
    void close();
}
