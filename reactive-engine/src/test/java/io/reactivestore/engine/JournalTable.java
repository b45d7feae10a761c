package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Cases as a table: what is in the journal, which code goes on with it, what happens then, what is in the journal behind that,
 * what was done to the world, and what the caller hears: the result, the error, or nothing yet (…).
 */
final class JournalTable {

    private record Row(
            String name, String given, String workflow, String happens, String out, String done, String outcome) {

        static Row of(String line) {
            String[] cells = line.split("\\|", -1);
            assertThat(cells).as(line).hasSize(7);
            return new Row(
                    cells[0].trim(),
                    cells[1].trim(),
                    cells[2].trim(),
                    cells[3].trim(),
                    cells[4].trim(),
                    cells[5].trim(),
                    cells[6].trim());
        }
    }

    private static final AtomicInteger CASES = new AtomicInteger();

    private final Supplier<JournalBackend> databases;

    JournalTable(Supplier<JournalBackend> databases) {
        this.databases = databases;
    }

    Stream<DynamicTest> of(String table) {
        return of(definition -> definition, table);
    }

    Stream<DynamicTest> of(UnaryOperator<WorkflowDefinition> definition, String table) {
        return table.lines()
                .filter(line -> !line.isBlank())
                .map(Row::of)
                .map(row ->
                        DynamicTest.dynamicTest(row.name(), () -> new Case(databases.get(), definition, row).check()));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }

    private static final class Case {

        private final int number = CASES.incrementAndGet();
        private final String id = "t" + number;
        private final Lab lab;
        private final Row row;
        private final WorkflowText text;
        private final Workflow<String, String> workflow;
        private final JournalText journal = new JournalText(id, "flow" + number);
        private final ReactiveStore outside;
        private final DurableEngine engine;
        private final int before;

        Case(JournalBackend database, UnaryOperator<WorkflowDefinition> definition, Row row) {
            this.row = row;
            lab = new Lab(database);
            outside = lab.newProcess();
            text = new WorkflowText(row.workflow(), "" + number);
            var body = text.parse();
            workflow = definition
                    .apply(Workflow.named("flow" + number))
                    .input(String.class)
                    .output(String.class)
                    .body((ctx, input) -> body.apply(ctx));
            write();
            before = entries().size();
            EngineBuilder builder = lab.engine().register(workflow);
            text.children().forEach(builder::register);
            engine = builder.build();
            lab.settle();
        }

        /** As a process would have left it that is gone. */
        private void write() {
            if (row.given().isEmpty()) {
                return;
            }
            ReactiveStore earlier = lab.newProcess();
            Journal entries = earlier.require(Capability.JOURNAL);
            entries.append(id, 0, List.of(journal.event("start=x"))).block();
            for (String word : words(row.given())) {
                JournalEvent event = journal.event(word);
                if (event instanceof JournalEvent.Intervened intervened) {
                    earlier.traces()
                            .saveIntervention(id, intervened.intervention())
                            .block();
                } else if (event instanceof JournalEvent.Resumed resumed) {
                    earlier.traces().resume(id, resumed.fromStep()).block();
                } else {
                    entries.append(id, List.of(event)).block();
                }
            }
            var claims = earlier.require(Capability.CLAIMS);
            claims.beat("earlier", Lab.START.plusSeconds(1), Lab.START)
                    .then(claims.leave())
                    .block();
        }

        void check() {
            CompletableFuture<String> result = (before == 0
                            ? engine.run(workflow, id, "x")
                            : engine.result(workflow, id))
                    .defaultIfEmpty("empty")
                    .toFuture();
            lab.settle();
            List<String> refusals = new ArrayList<>();
            for (String word : words(row.happens())) {
                happens(word, refusals);
                lab.settle();
            }
            List<JournalEntry> after = entries();
            List<String> out = after.subList(before, after.size()).stream()
                    .map(entry -> JournalText.word(entry.event()))
                    .filter(word -> !word.equals("claimed") && !word.startsWith("start="))
                    .toList();
            assertThat(String.join(" ", out)).as("entries out").isEqualTo(row.out());
            assertThat(String.join(" ", text.done)).as("done").isEqualTo(row.done());
            refusals.add(outcome(result));
            assertThat(String.join(" ", refusals)).as("outcome").isEqualTo(row.outcome());
        }

        private void happens(String word, List<String> refusals) {
            if (word.startsWith("+")) {
                engine.intervene(id, journal.decision(word))
                        .subscribe(nothing -> {}, error -> refusals.add(name(error)));
            } else if (word.startsWith("elsewhere+")) {
                outside.traces()
                        .saveIntervention(id, journal.decision(word.substring(9)))
                        .block();
                lab.passSlowly(Duration.ofMillis(1));
            } else if (word.startsWith("back")) {
                engine.resume(workflow, id, Long.parseLong(word.substring(4)))
                        .subscribe(result -> {}, error -> refusals.add(name(error)));
            } else if (word.equals("close")) {
                engine.close().subscribe();
            } else if (word.matches("\\d+s")) {
                lab.passSlowly(JournalText.duration(word));
            } else if (word.endsWith("!")) {
                text.fail(word.substring(0, word.length() - 1));
            } else {
                text.end(word.split("=")[0], word.contains("=") ? word.split("=")[1] : word);
            }
        }

        private List<JournalEntry> entries() {
            return outside.require(Capability.JOURNAL).read(id, 0).collectList().block();
        }

        private static String outcome(CompletableFuture<String> result) {
            if (!result.isDone()) {
                return "…";
            }
            try {
                return result.join();
            } catch (CompletionException failed) {
                return name(failed.getCause());
            }
        }

        private static String name(Throwable error) {
            return error instanceof WorkflowFailedException ended
                    ? ended.state().name()
                    : error.getClass().getSimpleName().replace("Exception", "");
        }
    }
}
