package io.reactivestore.examples.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Outcome;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.r2dbc.R2dbcStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Three engine processes on one PostgreSQL, one of them killed with SIGKILL every few seconds: all traces complete, each step's
 * effect is recorded once, and no two owners' entries are interleaved. Full size with {@code -Pstress}.
 */
class ClusterTest {

    private static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");
    private static final int TRACES = STRESS ? 2_000 : 150;
    private static final Duration KILLING = Duration.ofSeconds(STRESS ? 60 : 12);
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int PROCESSES = 3;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void killed_processes_lose_nothing_and_record_nothing_twice() throws IOException {
        OwnDatabase database = OwnDatabase.create();
        String url = database.url();
        R2dbcStore store = R2dbcStore.create(url);
        store.migrate().block(LIMIT);
        database.execute(ClusterWork.EFFECTS);
        Random random = new Random(20_26);
        List<Process> processes = new ArrayList<>();
        int kills = 0;
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start(url, i));
            }
            long end = System.nanoTime() + KILLING.toNanos();
            while (System.nanoTime() < end) {
                Mono.delay(BETWEEN_KILLS).block();
                int victim = random.nextInt(PROCESSES);
                processes.get(victim).destroyForcibly().onExit().join();
                kills++;
                processes.set(victim, start(url, victim));
            }
            awaitAllEnded(store);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }

        long takeOvers = 0;
        Map<String, Long> effects = database.counts("SELECT trace_id || ' ' || step, COUNT(*) FROM effect GROUP BY 1");
        for (int i = 0; i < TRACES; i++) {
            List<JournalEntry> journal = Objects.requireNonNull(store.require(Capability.JOURNAL)
                    .read(ClusterWork.traceId(i), 0)
                    .collectList()
                    .block(LIMIT));
            takeOvers += takeOvers(journal);
            eachStepIsRecordedOnce(journal);
            ownersAreNotInterleaved(journal);
            effectsAreDoneAgainOnlyAfterATakeOver(journal, effects);
        }
        System.out.println(TRACES + " traces, " + kills + " kills, " + takeOvers + " take-overs, "
                + effects.values().stream().mapToLong(n -> n - 1).sum() + " effects done again");
        store.close().block(LIMIT);
    }

    private static Process start(String url, int index) throws IOException {
        int share = (TRACES + PROCESSES - 1) / PROCESSES;
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterProcess.class.getName(),
                        url,
                        "process-" + index,
                        Integer.toString(index * share),
                        Integer.toString(Math.min(TRACES, (index + 1) * share)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitAllEnded(R2dbcStore store) {
        Long ended = Flux.range(0, TRACES)
                .concatMap(i -> store.require(Capability.CATALOG)
                        .find(ClusterWork.traceId(i))
                        .filter(head -> head.status() == TraceStatus.SUCCESS)
                        .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(200))))
                .count()
                .block(LIMIT);
        assertThat(ended).isEqualTo(TRACES);
    }

    private static void eachStepIsRecordedOnce(List<JournalEntry> journal) {
        Map<String, Long> successes = journal.stream()
                .map(JournalEntry::event)
                .filter(JournalEvent.StepRecorded.class::isInstance)
                .map(event -> ((JournalEvent.StepRecorded) event).envelope())
                .filter(envelope -> envelope.outcome() == Outcome.SUCCESS)
                .collect(groupingBy(envelope -> envelope.nodeId(), counting()));
        assertThat(successes).containsKeys(ClusterWork.STEPS.toArray(String[]::new));
        assertThat(successes.values()).allMatch(times -> times == 1);
        assertThat(journal.stream().filter(entry -> entry.event() instanceof JournalEvent.Completed))
                .hasSize(1);
    }

    private static void ownersAreNotInterleaved(List<JournalEntry> journal) {
        long owner = journal.get(0).writer();
        for (JournalEntry entry : journal) {
            if (isTakeOver(entry)) {
                owner = entry.writer();
            }
            assertThat(entry.writer()).as("%s", entry).isEqualTo(owner);
        }
    }

    private static void effectsAreDoneAgainOnlyAfterATakeOver(List<JournalEntry> journal, Map<String, Long> effects) {
        String traceId = journal.get(0).traceId();
        for (String step : ClusterWork.STEPS) {
            long times = effects.getOrDefault(traceId + " " + step, 0L);
            long allowed = step.equals("in-transaction") ? 1 : 1 + takeOvers(journal);
            assertThat(times).as("%s of %s", step, traceId).isBetween(1L, allowed);
        }
    }

    private static long takeOvers(List<JournalEntry> journal) {
        return journal.stream().filter(ClusterTest::isTakeOver).count();
    }

    private static boolean isTakeOver(JournalEntry entry) {
        return entry.event() instanceof JournalEvent.Claimed || entry.event() instanceof JournalEvent.Resumed;
    }
}
