package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A value that a step gave is the same value, of the same type, when it is replayed in another process. */
class TypeRoundTripTest {

    record Item(String name, Instant at, Long count, Optional<String> note) {}

    record Order(List<Item> items, Map<String, BigDecimal> prices, Duration window, LocalDate day) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    sealed interface Shape permits Circle, Square {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    private static final Item ITEM =
            new Item("bolt", Instant.parse("2026-01-02T03:04:05.123456789Z"), 7L, Optional.empty());

    @Test
    void records_and_what_they_hold() {
        Order order = new Order(
                List.of(ITEM),
                Map.of("b", new BigDecimal("1.10"), "a", BigDecimal.TEN),
                Duration.ofMillis(1500),
                LocalDate.of(2026, 2, 28));
        assertThat(replayed(new TypeReference<Order>() {}, Mono.just(order))).contains(order);
    }

    @Test
    void instants_to_the_nanosecond() {
        assertThat(replayed(new TypeReference<Instant>() {}, Mono.just(ITEM.at())))
                .contains(ITEM.at());
    }

    @Test
    void a_long_stays_a_long() {
        assertThat(replayed(new TypeReference<Long>() {}, Mono.just(5L))).contains(5L);
    }

    @Test
    void lists_of_records() {
        assertThat(replayed(new TypeReference<List<Item>>() {}, Mono.just(List.of(ITEM))))
                .hasValueSatisfying(items -> assertThat(items).containsExactly(ITEM));
    }

    @Test
    void bytes() {
        assertThat(replayed(new TypeReference<byte[]>() {}, Mono.just(new byte[] {0, -1, 2})))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(0, -1, 2));
    }

    @Test
    void sealed_types_that_say_which_they_are() {
        assertThat(replayed(new TypeReference<Shape>() {}, Mono.just(new Circle(2))))
                .contains(new Circle(2));
        assertThat(replayed(new TypeReference<List<Shape>>() {}, Mono.just(List.of(new Square(3)))))
                .contains(List.of(new Square(3)));
    }

    @Test
    void an_empty_mono() {
        assertThat(replayed(new TypeReference<String>() {}, Mono.empty())).isEmpty();
        assertThat(replayed(new TypeReference<Void>() {}, Mono.empty())).isEmpty();
    }

    @Test
    void a_type_that_no_longer_fits_stops_the_run_and_leaves_the_trace_open() {
        Lab lab = new Lab();
        record(lab, of(new TypeReference<String>() {}, Mono.just("secret words")));

        StepVerifier.create(lab.engine().build().resume(of(new TypeReference<Long>() {}, Mono.just(1L)), "t"))
                .verifyErrorSatisfies(error -> {
                    assertThat(error)
                            .isInstanceOf(PayloadCodecException.class)
                            .hasMessageContaining("'typed' of trace 't'")
                            .hasMessageContaining("java.lang.Long")
                            .hasNoCause();
                    assertThat(error.getMessage()).doesNotContain("secret");
                });
        assertThat(lab.trace("t").completion()).isNull();
    }

    @Test
    void a_result_that_cannot_be_written_stops_the_run_and_leaves_the_trace_open() {
        Lab lab = new Lab();
        StepVerifier.create(
                        lab.engine().build().run(of(new TypeReference<Object>() {}, Mono.just(new Object())), "t", "x"))
                .verifyError(PayloadCodecException.class);
        assertThat(lab.trace("t").completion()).isNull();
    }

    @Test
    void equal_values_give_equal_bytes() {
        record Reordered(int b, int a) {}
        Payload payload = PayloadCodec.json().encode(new Reordered(1, 2), Reordered.class);
        assertThat(payload.asText()).isEqualTo("{\"a\":2,\"b\":1}");
        assertThat(PayloadCodec.json().encode(Map.of("y", 1, "x", 2), Map.class).asText())
                .isEqualTo("{\"x\":2,\"y\":1}");
        assertThat(PayloadCodec.json().encode(Instant.EPOCH, Instant.class).asText())
                .isEqualTo("\"1970-01-01T00:00:00Z\"");
    }

    @Test
    void unknown_properties_are_passed_over() {
        record Known(int a) {}
        assertThat(PayloadCodec.json().decode(Payload.json("{\"a\":1,\"new\":[{}]}"), Known.class))
                .isEqualTo(new Known(1));
    }

    /** Records the value in one process, which dies before the end, and gives what the next one is told. */
    private static <T> Optional<T> replayed(TypeReference<T> type, Mono<T> value) {
        Lab lab = new Lab();
        AtomicInteger calls = new AtomicInteger();
        Mono<T> counted = Mono.defer(() -> {
            calls.incrementAndGet();
            return value;
        });
        record(lab, of(type, counted));
        Optional<T> replayed =
                lab.engine().build().resume(of(type, counted), "t").blockOptional();
        assertThat(calls).hasValue(1);
        return replayed;
    }

    private static <T> void record(Lab lab, Workflow<String, T> workflow) {
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded) {
                        dying.die();
                    }
                })
                .build()
                .run(workflow, "t", "x")
                .subscribe();
        assertThat(lab.nodes("t")).containsExactly("start", "typed");
    }

    private static <T> Workflow<String, T> of(TypeReference<T> type, Mono<T> value) {
        return Workflow.named("typed")
                .input(String.class)
                .output(type)
                .body((ctx, input) -> ctx.step("typed", type, () -> value));
    }
}
