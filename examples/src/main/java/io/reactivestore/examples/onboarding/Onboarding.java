package io.reactivestore.examples.onboarding;

import io.reactivestore.engine.StepOptions;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The workflow: an account; laptop and access in parallel; the time of delivery; the manager's approval; the welcome mail. If the
 * manager says no, what was done is taken back.
 */
final class Onboarding {

    static final String DELIVERY = "delivery";
    static final String APPROVAL = "manager-approval";

    /** How many entries the workflow records before it sleeps: three steps and the begin of the sleep. */
    static final int RECORDS_BEFORE_SLEEP = 4;

    private static final Duration DELIVERY_TIME = Duration.ofSeconds(2);

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
                .nodes(APPROVAL)
                .input(Employee.class)
                .output(Receipt.class)
                .body((ctx, employee) -> ctx.step(
                                StepOptions.of("create-account", Account.class).compensate(office::deleteAccount),
                                step -> office.createAccount(employee))
                        .flatMap(account -> equip(ctx, office, account)
                                .then(ctx.sleep(DELIVERY, DELIVERY_TIME))
                                .then(ctx.awaitIntervention(APPROVAL, Approval.class))
                                .flatMap(approval -> ctx.step(
                                        "welcome-mail", Receipt.class, () -> office.welcome(account, approval)))));
    }

    private static Mono<Void> equip(WorkflowContext ctx, Office office, Account account) {
        return Mono.when(
                // the other system sees the same key if this has to be done again after a crash
                ctx.step(
                        StepOptions.of("laptop", Laptop.class).compensate(office::returnLaptop),
                        step -> office.orderLaptop(account, step.idempotencyKey())),
                ctx.step(
                        StepOptions.of("access", Access.class).compensate(office::revokeAccess),
                        step -> office.grantAccess(account)));
    }
}
