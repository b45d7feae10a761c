package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.facts.FactReference;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A trace of a pipeline keeps the picture that was valid at its start. */
class StoredGraphTest {

    private final Lab lab = new Lab();

    private static Pipeline<String, String> order(String step) {
        return Pipeline.named("order", String.class)
                .then("validate", String.class, Mono::just)
                .await("approval", String.class)
                .then(step, String.class, Mono::just);
    }

    private PersistenceEnvelope recorded(String traceId) {
        return lab.trace(traceId).envelopes().stream()
                .filter(Shape::isGraph)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void it_is_there_from_the_start_whatever_the_code_becomes() {
        Workflow<String, String> old = order("charge").build();
        lab.engine().register(old).build().start(old, "t", "x").block();

        Workflow<String, String> changed = order("pay").build();
        DurableEngine engine = lab.engine().register(changed).build();
        StepVerifier.create(engine.graph("t"))
                .expectNext(order("charge").graph())
                .verifyComplete();
        engine.start(changed, "u", "x").block();
        StepVerifier.create(engine.graph("u")).expectNext(order("pay").graph()).verifyComplete();
    }

    @Test
    void a_fork_has_that_of_its_source_and_a_migration_gives_that_of_the_new_code() {
        Workflow<String, String> old = order("charge").build();
        DurableEngine first = lab.engine().register(old).build();
        first.start(old, "t", "x").block();
        first.fork("t", 1, "copy").block();

        Pipeline<String, String> two = Pipeline.of(Workflow.named("order")
                        .version("2")
                        .migration(Migration.between("1", "2"))
                        .input(String.class))
                .then("validate", String.class, Mono::just)
                .await("approval", String.class)
                .then("pay", String.class, Mono::just);
        Workflow<String, String> changed = two.build();
        DurableEngine engine = lab.engine().register(changed).build();
        engine.resume("t").subscribe();
        StepVerifier.create(engine.graph("t")).expectNext(two.graph()).verifyComplete();
        StepVerifier.create(engine.graph("copy"))
                .expectNext(order("charge").graph())
                .verifyComplete();
    }

    @Test
    void where_large_payloads_are_facts_all_traces_of_a_workflow_share_it() {
        Workflow<String, String> workflow = order("charge").build();
        DurableEngine engine =
                lab.engine().register(workflow).factThreshold(200).build();
        engine.start(workflow, "t", "x").block();
        engine.start(workflow, "u", "y").block();

        FactReference one =
                FactReference.of(Objects.requireNonNull(recorded("t").payload()));
        FactReference another =
                FactReference.of(Objects.requireNonNull(recorded("u").payload()));
        assertThat(one).isNotNull().isEqualTo(another);
        StepVerifier.create(engine.graph("u"))
                .expectNext(order("charge").graph())
                .verifyComplete();
        engine.intervene("t", Workflows.supply("1", "yes")).block();
        StepVerifier.create(engine.result(workflow, "t")).expectNext("yes").verifyComplete();
    }

    @Test
    void it_is_no_step_to_those_who_watch() {
        Workflow<String, String> workflow = order("charge").build();
        DurableEngine engine = lab.engine().register(workflow).build();
        engine.start(workflow, "t", "x").block();
        StepVerifier.create(engine.watch("t")
                        .take(3)
                        .map(update -> update.getClass().getSimpleName()))
                .expectNext("Started", "StepRecorded", "Waiting")
                .verifyComplete();
    }

    @Test
    void other_workflows_have_none_and_an_unknown_trace_is_told() {
        Workflow<String, String> sequence = Workflows.sequence(new SideEffects());
        DurableEngine engine = lab.engine().register(sequence).build();
        engine.run(sequence, "t", "x").block();
        StepVerifier.create(engine.graph("t")).verifyComplete();
        StepVerifier.create(engine.graph("unknown")).verifyError(TraceNotFoundException.class);
        assertThat(lab.nodes("t")).doesNotContain(Shape.NODE);
    }
}
