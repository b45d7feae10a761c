package io.reactivestore.r2dbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk with a volatile cache, for H2: what was written is safe only once it was forced. A power cut at a moment gives the
 * files as they then stand on the platter: all that was forced, and of the rest whatever the disk happened to write, in any
 * order, one of them perhaps torn. H2 finds it by the prefix {@code powercut:} of a file name.
 */
public final class PowerCutDisk extends FilePathWrapper {

    private static final String SCHEME = "powercut";
    private static final Map<String, Contents> FILES = new ConcurrentHashMap<>();
    private static final AtomicInteger FORCES = new AtomicInteger();

    static {
        FilePath.register(new PowerCutDisk());
    }

    /** For H2. */
    public PowerCutDisk() {}

    /** A write or, without bytes, a change of the length. */
    private record Change(long position, byte[] bytes) {

        byte[] applyTo(byte[] file, int length) {
            byte[] result = Arrays.copyOf(
                    file, bytes == null ? (int) position : Math.max(file.length, (int) position + length));
            if (bytes != null) {
                System.arraycopy(bytes, 0, result, (int) position, length);
            }
            return result;
        }

        byte[] applyTo(byte[] file) {
            return applyTo(file, bytes == null ? 0 : bytes.length);
        }
    }

    private static final class Contents {
        private byte[] forced = new byte[0];
        private final List<Change> pending = new ArrayList<>();

        synchronized void change(Change change) {
            pending.add(change);
        }

        synchronized void force() {
            pending.forEach(change -> forced = change.applyTo(forced));
            pending.clear();
        }

        synchronized Contents copy() {
            Contents copy = new Contents();
            copy.forced = forced;
            copy.pending.addAll(pending);
            return copy;
        }

        byte[] onPlatter(Random random) {
            byte[] file = forced;
            int torn = pending.isEmpty() ? 0 : random.nextInt(pending.size());
            for (int i = 0; i < pending.size(); i++) {
                Change change = pending.get(i);
                if (i == torn && change.bytes() != null) {
                    file = change.applyTo(file, random.nextInt(change.bytes().length + 1));
                } else if (random.nextBoolean()) {
                    file = change.applyTo(file);
                }
            }
            return file;
        }
    }

    /** What a power cut leaves. Taken in memory, so that it can be taken on any thread. */
    static final class Cut {
        private final Map<String, Contents> files = new HashMap<>();

        /** Writes the files into a folder, which then is that of a computer switched on again. */
        void restore(Path folder, Random random) {
            files.forEach((name, contents) -> {
                try {
                    Files.write(folder.resolve(Path.of(name).getFileName()), contents.onPlatter(random));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** The R2DBC URL of a database on this disk. */
    static String url(Path file) {
        return "r2dbc:h2:file:///" + SCHEME + ":" + file;
    }

    /** Cuts the power, now, for the databases under this folder. */
    static Cut cut(Path folder) {
        Cut cut = new Cut();
        FILES.forEach((name, contents) -> {
            if (name.startsWith(folder.toString())) {
                cut.files.put(name, contents.copy());
            }
        });
        return cut;
    }

    /** Forgets the databases under this folder. */
    static void forget(Path folder) {
        FILES.keySet().removeIf(name -> name.startsWith(folder.toString()));
    }

    /** How often anything was forced. */
    static int forces() {
        return FORCES.get();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel real = getBase().open(mode);
        Contents contents = FILES.computeIfAbsent(getBase().toString(), name -> new Contents());
        return new FileBaseDefault() {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return real.read(target, position);
            }

            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                byte[] bytes = new byte[source.remaining()];
                source.duplicate().get(bytes);
                contents.change(new Change(position, bytes));
                return real.write(source, position);
            }

            @Override
            protected void implTruncate(long size) throws IOException {
                contents.change(new Change(size, null));
                real.truncate(size);
            }

            @Override
            public void force(boolean metadata) throws IOException {
                contents.force();
                FORCES.incrementAndGet();
                real.force(metadata);
            }

            @Override
            public long size() throws IOException {
                return real.size();
            }

            @Override
            public FileLock tryLock(long position, long size, boolean shared) throws IOException {
                return real.tryLock(position, size, shared);
            }

            @Override
            protected void implCloseChannel() throws IOException {
                real.close();
            }
        };
    }
}
