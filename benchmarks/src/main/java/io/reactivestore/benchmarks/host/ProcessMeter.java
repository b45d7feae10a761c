package io.reactivestore.benchmarks.host;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;

/** What this process uses between two moments. */
public final class ProcessMeter {

    /**
     * What was used.
     *
     * @param cpuSeconds CPU time of the process
     * @param allocatedBytes bytes allocated by its threads
     * @param peakHeapBytes the sum of the highest use of each part of the heap
     * @param peakThreads the most platform threads at a time
     */
    public record Use(double cpuSeconds, long allocatedBytes, long peakHeapBytes, int peakThreads) {}

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long cpuNanos;
    private final long allocated;

    private ProcessMeter(long cpuNanos, long allocated) {
        this.cpuNanos = cpuNanos;
        this.allocated = allocated;
    }

    /** Collects what garbage there is, and begins. */
    public static ProcessMeter start() {
        System.gc();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            pool.resetPeakUsage();
        }
        THREADS.resetPeakThreadCount();
        return new ProcessMeter(SYSTEM.getProcessCpuTime(), allocatedBytes());
    }

    /** Gives what was used since the start. */
    public Use stop() {
        long peakHeap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        return new Use(
                (SYSTEM.getProcessCpuTime() - cpuNanos) / 1e9,
                allocatedBytes() - allocated,
                peakHeap,
                THREADS.getPeakThreadCount());
    }

    /** From Java 21 on, of all threads ever; before that, of those that live, which those of all contenders do until the end. */
    private static long allocatedBytes() {
        try {
            Method total = com.sun.management.ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
            return (Long) total.invoke(THREADS);
        } catch (ReflectiveOperationException e) {
            return Machine.allocatedBytes();
        }
    }
}
