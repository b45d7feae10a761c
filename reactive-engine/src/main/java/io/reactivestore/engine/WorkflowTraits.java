package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a workflow beside its types and its code.
 *
 * @param changes what becomes of traces that were started with other code
 * @param ends what is to happen when traces end
 * @param progressRate of which part of the traces progress is recorded
 */
record WorkflowTraits(
        String name,
        String version,
        @Nullable Duration deadline,
        CheckpointPolicy checkpoints,
        StepPolicy policy,
        List<Rule> rules,
        StepPolicy compensationPolicy,
        boolean autoComplete,
        Set<String> nodes,
        CodeChanges changes,
        EndPolicy ends,
        double progressRate) {

    private static final int FRACTION_BITS = 53;

    /** A policy for the steps whose keys meet a condition. */
    record Rule(Predicate<String> keys, StepPolicy policy) {}

    WorkflowTraits {
        // the record knows what a store can keep
        PersistenceEnvelope.of("any", name, 0, History.START, Outcome.SUCCESS, Instant.EPOCH)
                .withVersion(version);
        Objects.requireNonNull(checkpoints, "checkpoints");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(compensationPolicy, "compensationPolicy");
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline must be more than zero, found " + deadline);
        }
        if (!(progressRate >= 0 && progressRate <= 1)) {
            throw new IllegalArgumentException("the rate must be from 0 to 1, found " + progressRate);
        }
    }

    static WorkflowTraits of(String name) {
        return new WorkflowTraits(
                name,
                PersistenceEnvelope.FIRST_VERSION,
                null,
                CheckpointPolicy.everyStep(),
                StepPolicy.defaults(),
                List.of(),
                StepPolicy.defaults(),
                true,
                Set.of(),
                CodeChanges.NONE,
                EndPolicy.DEFAULT,
                1);
    }

    static Predicate<String> pattern(String keys) {
        List<String> parts = new ArrayList<>();
        for (String part : keys.split("\\*", -1)) {
            parts.add(Pattern.quote(part));
        }
        return Pattern.compile(String.join(".*", parts), Pattern.DOTALL).asMatchPredicate();
    }

    StepPolicy policyOf(String key) {
        for (Rule rule : rules) {
            if (rule.keys().test(key)) {
                return rule.policy();
            }
        }
        return policy;
    }

    WorkflowTraits withVersion(String version) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withDeadline(Duration deadline) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withoutDeadline() {
        return new WorkflowTraits(
                name,
                version,
                null,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withCheckpoints(CheckpointPolicy checkpoints) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withPolicy(StepPolicy policy) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withRule(Predicate<String> keys, StepPolicy rulePolicy) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(Objects.requireNonNull(keys, "keys"), Objects.requireNonNull(rulePolicy, "policy")));
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                more,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withCompensationPolicy(StepPolicy compensationPolicy) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withAutoComplete(boolean autoComplete) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withNodes(String... more) {
        Set<String> all = new HashSet<>(nodes);
        all.addAll(List.of(more));
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                Set.copyOf(all),
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withChanges(CodeChanges changes) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    WorkflowTraits withEnds(EndPolicy ends) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                progressRate);
    }

    DeadLetterPolicy deadLetters() {
        return ends.deadLetters();
    }

    WorkflowTraits withShape(Shape shape) {
        return withChanges(changes.withShape(shape));
    }

    /** The hash of the graph, for a workflow that has one. */
    @Nullable
    String structure() {
        return changes.structure();
    }

    /** Of this part of the traces the values that their code tells are recorded. */
    WorkflowTraits withProgressRate(double rate) {
        return new WorkflowTraits(
                name,
                version,
                deadline,
                checkpoints,
                policy,
                rules,
                compensationPolicy,
                autoComplete,
                nodes,
                changes,
                ends,
                rate);
    }

    /** Whether the values that the code of a trace tells are recorded: the same wherever and whenever it runs. */
    boolean recordsProgress(String traceId) {
        if (progressRate >= 1) {
            return true;
        }
        long drawn = Sha256.of(traceId.getBytes(StandardCharsets.UTF_8)).a() >>> (Long.SIZE - FRACTION_BITS);
        return drawn < progressRate * (1L << FRACTION_BITS);
    }
}
