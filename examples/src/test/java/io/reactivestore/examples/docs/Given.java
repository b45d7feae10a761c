package io.reactivestore.examples.docs;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowContext;
import io.reactivestore.memory.InMemoryStore;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.testkit.StoreFixture;
import java.util.OptionalInt;
import reactor.core.publisher.Mono;

/** What an example may assume. One name stands for one type, in all examples. Compiled against, never run. */
abstract class Given {

    record Employee(String name) {}

    record Account(String login) {}

    record Laptop(String serial) {}

    record Access(String role) {}

    record Approval(boolean approved) {}

    record Order(String id) {}

    record Receipt(String id) {}

    interface Accounts {
        Mono<Account> create(Employee employee);
    }

    interface It {
        Mono<Laptop> order(Account account);
    }

    interface Iam {
        Mono<Access> grant(Account account);
    }

    interface Mail {
        Mono<Receipt> send(Employee employee, Approval approval);
    }

    interface Payments {
        Mono<Receipt> charge(Order order);

        Mono<Receipt> charge(Order order, String idempotencyKey);

        Mono<Void> refund(Receipt receipt);
    }

    interface Billing {
        Mono<Receipt> invoice(Order order);
    }

    static final class CardDeclined extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** An adapter's own. */
    static final class H2FileFixture implements StoreFixture {

        @Override
        public ReactiveStore open() {
            return InMemoryStore.create();
        }

        @Override
        public void corruptPayload(String traceId, long position) {}

        @Override
        public OptionalInt connectionsInUse() {
            return OptionalInt.empty();
        }

        @Override
        public void close() {}
    }

    MeterRegistry registry;
    ObservationRegistry observations;
    ReactiveStore store;
    JournalBackend backend;
    ConnectionFactory connectionFactory;
    PersistenceEnvelope envelope;
    String secret;
    String header;
    byte[] body;

    DurableEngine engine;
    Workflow<Employee, Receipt> onboarding;
    WorkflowContext ctx;
    Employee employee;
    Order order;

    Accounts accounts;
    It it;
    Iam iam;
    Mail mail;
    Payments payments;
    Billing billing;
}
