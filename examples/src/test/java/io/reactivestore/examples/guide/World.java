package io.reactivestore.examples.guide;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import reactor.core.publisher.Mono;

/** The systems that a workflow calls. They note what was done to them, and have trouble when the test says so. */
final class World {

    record Order(String id, List<String> items) {}

    record Parcel(String item) {}

    record Receipt(String order) {}

    record Approval(boolean granted, String by) {}

    static final class CardDeclined extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final List<String> done = new ArrayList<>();
    private final Map<String, Queue<Mono<Object>>> trouble = new HashMap<>();

    /** What the next calls of a service come to, instead of a result. */
    void next(String what, Throwable... errors) {
        for (Throwable error : errors) {
            troubleOf(what).add(Mono.error(error));
        }
    }

    /** The next call of a service never answers. */
    void nextHangs(String what) {
        troubleOf(what).add(Mono.never());
    }

    private Queue<Mono<Object>> troubleOf(String what) {
        return trouble.computeIfAbsent(what, name -> new ArrayDeque<>());
    }

    private <T> Mono<T> does(String service, String what, T result) {
        return Mono.defer(() -> {
            Mono<Object> instead = troubleOf(service).poll();
            return instead == null
                    ? Mono.fromSupplier(() -> {
                        done.add(service + " " + what);
                        return result;
                    })
                    : instead.then(Mono.empty());
        });
    }

    final class Stock {
        Mono<Parcel> reserve(String item) {
            return does("reserve", item, new Parcel(item));
        }

        Mono<Boolean> release(Parcel parcel) {
            return does("release", parcel.item(), true);
        }
    }

    final class Payments {
        Mono<Receipt> charge(Order order) {
            return does("charge", order.id(), new Receipt(order.id()));
        }

        Mono<Receipt> charge(Order order, String idempotencyKey) {
            return charge(order);
        }

        Mono<Receipt> invoice(Order order) {
            return does("invoice", order.id(), new Receipt("invoice for " + order.id()));
        }

        Mono<Boolean> refund(Receipt receipt) {
            return does("refund", receipt.order(), true);
        }

        Mono<String> status(Order order) {
            return does("status", order.id(), "SETTLED");
        }
    }

    final class Mail {
        Mono<Boolean> send(String text) {
            return does("mail", text, true);
        }
    }
}
