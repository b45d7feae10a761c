package io.reactivestore.benchmarks.host;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process and this machine do meanwhile. */
public final class Machine {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Machine() {}

    /** Bytes allocated so far by the threads that live now. */
    public static long allocatedBytes() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    /** Time that the host took from the virtual CPUs so far, in hundredths of a second, or 0 where it is not known. */
    public static long stolenTicks() {
        try {
            String[] cpu =
                    Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+");
            return Long.parseLong(cpu[8]);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    public static String describe() {
        return "Java " + Runtime.version() + ", " + SYSTEM.getName() + " " + SYSTEM.getArch() + ", "
                + SYSTEM.getAvailableProcessors() + " CPUs, " + (SYSTEM.getTotalMemorySize() >> 30) + " GiB";
    }
}
