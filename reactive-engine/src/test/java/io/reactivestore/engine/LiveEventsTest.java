package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Subscribers hear what the engine does; a slow one learns how much it missed, and nobody waits for it. */
class LiveEventsTest {

    private static final Duration HANG = Duration.ofSeconds(20);
    private static final int MANY = 10 * EngineEvents.BUFFER;

    private final Lab lab = new Lab();
    private final VirtualTimeScheduler subscribersTime = VirtualTimeScheduler.create();
    private final EngineEvents events = new EngineEvents(null, subscribersTime);

    private static final Workflow<String, String> QUICK =
            Lab.workflow("quick", (ctx, in) -> ctx.step("a", String.class, () -> Mono.just(in + "a")));

    private static EngineEvent event(long number) {
        return new EngineEvent.RunCompleted(Long.toString(number), "quick", Duration.ZERO);
    }

    private void tell(int count) {
        for (int i = 0; i < count; i++) {
            events.tell(event(i));
        }
    }

    /** Told or counted: none may be lost without a trace. */
    private static long accounted(List<EngineEvent> seen) {
        return seen.stream()
                .mapToLong(event -> event instanceof EngineEvent.Missed missed ? missed.count() : 1)
                .sum();
    }

    @Test
    void several_subscribers_hear_the_same_and_the_end_of_the_engine() {
        DurableEngine engine = lab.engine().register(QUICK).build();
        var one = engine.events().collectList().toFuture();
        var other = engine.events().collectList().toFuture();
        engine.run(QUICK, "t", "x").block();
        engine.close().block();
        assertThat(one)
                .succeedsWithin(HANG)
                .satisfies(all -> assertThat(all)
                        .extracting(event -> event.getClass().getSimpleName())
                        .containsExactly("RunStarted", "StepRecorded", "RunCompleted"));
        assertThat(other).succeedsWithin(HANG).isEqualTo(one.join());
        StepVerifier.create(engine.events()).expectComplete().verify(HANG);
    }

    @Test
    void the_listener_is_told_as_well() {
        List<EngineEvent> listened = new ArrayList<>();
        DurableEngine engine =
                lab.engine().register(QUICK).listener(listened::add).build();
        var live = engine.events().collectList().toFuture();
        engine.run(QUICK, "t", "x").block();
        engine.close().block();
        assertThat(live).succeedsWithin(HANG).isEqualTo(listened);
    }

    @Test
    void nothing_is_told_while_nobody_listens() {
        assertThat(events.isListenedTo()).isFalse();
        var listening = events.live().subscribe();
        assertThat(events.isListenedTo()).isTrue();
        listening.dispose();
        assertThat(events.isListenedTo()).isFalse();
    }

    @Test
    void what_a_slow_subscriber_missed_is_counted_in_its_place() {
        StepVerifier.create(events.live(), 0)
                .then(() -> tell(MANY))
                .thenRequest(Long.MAX_VALUE)
                .expectNextSequence(LongStream.range(0, EngineEvents.BUFFER)
                        .mapToObj(LiveEventsTest::event)
                        .toList())
                .expectNext(new EngineEvent.Missed("", MANY - EngineEvents.BUFFER))
                .then(() -> events.tell(event(-1)))
                .expectNext(event(-1))
                .thenCancel()
                .verify(HANG);
    }

    @Test
    void a_subscriber_that_is_slow_for_ever_sees_events_and_not_only_what_it_missed() {
        List<EngineEvent> seen = new ArrayList<>();
        events.live().delayElements(Duration.ofMillis(1), subscribersTime).subscribe(seen::add);
        for (int i = 0; i < 10_000; i++) {
            tell(10);
            subscribersTime.advanceTimeBy(Duration.ofMillis(1));
        }
        events.end();
        subscribersTime.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(accounted(seen)).isEqualTo(100_000);
        assertThat(seen).filteredOn(EngineEvent.Missed.class::isInstance).hasSizeLessThan(100);
    }

    @Test
    void another_subscriber_does_not_miss_what_a_slow_one_does() {
        List<EngineEvent> slow = new ArrayList<>();
        List<EngineEvent> quick = new ArrayList<>();
        events.live()
                .limitRate(1)
                .delayElements(Duration.ofHours(1), subscribersTime)
                .subscribe(slow::add);
        events.live().subscribe(quick::add);
        for (int i = 0; i < 20; i++) {
            tell(EngineEvents.BUFFER / 2);
            subscribersTime.advanceTime();
        }
        assertThat(quick).hasSize(MANY).doesNotHaveAnyElementsOfTypes(EngineEvent.Missed.class);
        assertThat(slow).isEmpty();
    }

    @Test
    void events_told_by_many_threads_are_told_or_counted() {
        EngineEvents shared = new EngineEvents(null, Schedulers.boundedElastic());
        var seen = shared.live().collectList().toFuture();
        Flux.range(0, 8)
                .flatMap(thread -> Mono.fromRunnable(() -> {
                            for (int i = 0; i < 20_000; i++) {
                                shared.tell(event(i));
                            }
                        })
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(HANG);
        shared.end();
        assertThat(seen)
                .succeedsWithin(20, TimeUnit.SECONDS)
                .satisfies(all -> assertThat(accounted(all)).isEqualTo(160_000));
    }

    @Test
    void a_subscriber_that_throws_harms_nobody_but_itself() {
        DurableEngine engine = lab.engine().register(QUICK).build();
        var thrown = engine.events()
                .doOnNext(event -> {
                    throw new IllegalStateException("mine");
                })
                .then()
                .toFuture();
        var other = engine.events().count().toFuture();
        assertThat(engine.run(QUICK, "t", "x").block()).isEqualTo("xa");
        engine.close().block();
        assertThat(thrown).failsWithin(HANG);
        assertThat(other).succeedsWithin(HANG).isEqualTo(3L);
    }
}
