/**
 * Durable execution: workflows whose steps survive the process. A {@link io.reactivestore.engine.Workflow} is ordinary Reactor
 * code; each side effect is wrapped in {@link io.reactivestore.engine.WorkflowContext#step step(name, type, ...)}, whose result
 * is recorded in a store before it is emitted. When the process dies, another engine runs the same code again: what is on
 * record is emitted from there, what is not is done.
 *
 * <pre>{@code
 * Workflow<Employee, Receipt> onboarding = Workflow.named("onboarding").version("1")
 *         .input(Employee.class)
 *         .output(Receipt.class)
 *         .body((ctx, employee) -> ctx.step("create-account", Account.class, () -> accounts.create(employee))
 *                 .flatMap(account -> Mono.zip(
 *                         ctx.step("laptop", Laptop.class, () -> it.order(account)),
 *                         ctx.step("access", Access.class, () -> iam.grant(account))))
 *                 .flatMap(both -> ctx.awaitIntervention("manager-approval", Approval.class))
 *                 .flatMap(ok -> ctx.step("welcome-mail", Receipt.class, () -> mail.send(employee, ok))));
 *
 * DurableEngine engine = DurableEngine.builder(store.traces()).register(onboarding).build();
 * Mono<Receipt> receipt = engine.run(onboarding, "employee-7", employee);
 * }</pre>
 *
 * <p>What goes wrong falls in two kinds. An error of the workflow's own code that nobody handles ends the trace with FAULT. Trouble
 * of the store, and mistakes the engine finds (two live steps of one key, a payload that does not fit its type), stop the run
 * without a trace of it in user code; the trace stays open and can be resumed.
 */
@NullMarked
package io.reactivestore.engine;

import org.jspecify.annotations.NullMarked;
