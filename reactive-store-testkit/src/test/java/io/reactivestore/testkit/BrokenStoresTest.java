package io.reactivestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** The kit is proven: for every rule there is a store that breaks it, and the tests of that rule must fail on that store. */
class BrokenStoresTest {

    private static final String MODEL = "MODEL";

    /** What only a race shows, one run of the race may miss. */
    private static final int RACES = 10;

    @ParameterizedTest
    @MethodSource("defects")
    void the_tests_of_a_rule_catch_a_store_that_breaks_it(Defect defect) {
        TestExecutionSummary summary = run(defect, defect.rule());
        for (int i = 1; i < RACES && failed(summary).isEmpty(); i++) {
            summary = run(defect, defect.rule());
        }
        assertThat(summary.getTestsFoundCount())
                .as("tests of %s", defect.rule())
                .isPositive();
        assertThat(failed(summary))
                .as("tests of %s that fail on a store where %s", defect.rule(), defect.what())
                .isNotEmpty()
                .allMatch(name -> carries(name, defect.rule()));
    }

    @ParameterizedTest
    @MethodSource("defectsShownByHistories")
    void random_histories_catch_it_too_and_show_a_short_one(Defect defect) {
        TestExecutionSummary summary = run(defect, MODEL);
        assertThat(summary.getFailures())
                .as("histories on a store where %s", defect.what())
                .hasSize(1);
        String report =
                String.valueOf(summary.getFailures().get(0).getException().getMessage());
        assertThat(report).startsWith("Seed ").contains("shrunk to", "expected", "found");
        assertThat(report.lines().filter(line -> line.matches("  \\d+\\. .*")).count())
                .as("commands in the report")
                .isBetween(1L, 12L);
    }

    @Test
    void every_rule_has_a_store_that_breaks_it() {
        Stream<String> rules = Stream.concat(
                IntStream.rangeClosed(1, 7).mapToObj(n -> "C" + n),
                Stream.concat(
                        IntStream.rangeClosed(1, 12).mapToObj(n -> "T" + n),
                        IntStream.rangeClosed(1, 9).mapToObj(n -> "F" + n)));
        assertThat(Defect.all())
                .extracting(Defect::rule)
                .containsAll(rules.toList())
                .containsAll(IntStream.rangeClosed(1, 11).mapToObj(n -> "K" + n).toList())
                .contains("JOURNAL", "CATALOG", "CLAIMS", "WAIT", "FORK", "RESTORE")
                .contains("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")
                .contains("W1", "W2", "W3", "W4", "W5", "W6", "W7")
                .containsAll(IntStream.rangeClosed(1, 7).mapToObj(n -> "S" + n).toList());
        assertThat(Defect.all()).extracting(Defect::toString).doesNotHaveDuplicates();
    }

    @Test
    void a_store_that_breaks_no_rule_passes() {
        TestExecutionSummary summary = run(Defect.NONE, "");
        assertThat(failed(summary)).isEmpty();
        assertThat(summary.getTestsSucceededCount())
                .isEqualTo(summary.getTestsFoundCount())
                .isGreaterThan(150);
    }

    @Test
    void where_a_facet_is_missing_its_tests_are_visibly_skipped_and_no_others() {
        TestExecutionSummary summary = run(Defect.NO_CLAIMS, "");
        assertThat(failed(summary)).isEmpty();
        assertThat(summary.getTestsAbortedCount()).isGreaterThan(30);
        TestExecutionSummary ofClaims = run(Defect.NO_CLAIMS, "CLAIMS");
        assertThat(ofClaims.getTestsAbortedCount())
                .isEqualTo(ofClaims.getTestsFoundCount())
                .isPositive();
        assertThat(run(Defect.NO_CLAIMS, "WAIT").getTestsAbortedCount()).isZero();
    }

    static List<Defect> defects() {
        return Defect.all();
    }

    static Stream<Defect> defectsShownByHistories() {
        return Defect.all().stream().filter(Defect::shownByHistories);
    }

    private static TestExecutionSummary run(Defect defect, String rule) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(DefectiveConformance.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isOf(test, rule)))
                .configurationParameter(DefectiveConformance.DEFECT, defect.toString())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static List<String> failed(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(Failure::getTestIdentifier)
                .map(test -> test.getLegacyReportingName())
                .toList();
    }

    private static boolean isOf(TestDescriptor test, String rule) {
        return rule.isEmpty() || test.isContainer() || carries(test.getLegacyReportingName(), rule);
    }

    private static boolean carries(String name, String rule) {
        return Arrays.asList(name.replace("()", "").split("_")).contains(rule);
    }
}
