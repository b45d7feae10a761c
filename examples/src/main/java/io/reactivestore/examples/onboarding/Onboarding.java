package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.Workflow;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/** The workflow: an account; laptop and access in parallel; the manager's approval; the welcome mail. */
final class Onboarding {

    static final String APPROVAL = "manager-approval";

    /** How many steps are recorded before the workflow waits for the manager. */
    static final int STEPS_BEFORE_APPROVAL = 3;

    record Employee(String name) {}

    record Account(String login, String email) {}

    record Laptop(String model, String serial) {}

    record Access(List<String> systems) {}

    record Approval(String by) {}

    record Receipt(String to, String approvedBy, Instant sentAt) {}

    private Onboarding() {}

    static Workflow<Employee, Receipt> workflow(Office office) {
        return Workflow.named("onboarding")
                .version("1")
                .input(Employee.class)
                .output(Receipt.class)
                .body((ctx, employee) -> ctx.step("create-account", Account.class, () -> office.createAccount(employee))
                        .flatMap(account -> Mono.zip(
                                        // the other system sees the same key if this has to be done again after a crash
                                        ctx.step(
                                                "laptop",
                                                Laptop.class,
                                                step -> office.orderLaptop(account, step.idempotencyKey())),
                                        ctx.step("access", Access.class, () -> office.grantAccess(account)))
                                .flatMap(both -> ctx.awaitIntervention(APPROVAL, Approval.class))
                                .flatMap(approval -> ctx.step(
                                        "welcome-mail", Receipt.class, () -> office.welcome(account, approval)))));
    }
}
