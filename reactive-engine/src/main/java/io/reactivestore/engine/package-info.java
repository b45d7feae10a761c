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
 *
 * <pre>{@code
 * Mono<Receipt> resumed = engine.resume(onboarding, "employee-7")
 *         .retryWhen(Retry.backoff(5, Duration.ofSeconds(1))
 *                 .filter(error -> error instanceof StoreException trouble && trouble.isTransient()))
 *         .doOnError(WorkflowFailedException.class, ended -> System.err.println("ended: " + ended.failure()))
 *         .doOnError(EngineException.class, error -> System.err.println("trace " + error.traceId()));
 * }</pre>
 *
 * <p>The trace has ended:
 *
 * <ul>
 *   <li>{@link io.reactivestore.engine.WorkflowFailedException}: the workflow failed, now or earlier. Its failure says why; a new
 *       try is a new trace id.
 * </ul>
 *
 * <p>The run stopped, or did not begin; the trace is as it was:
 *
 * <ul>
 *   <li>{@link io.reactivestore.engine.EngineClosedException}: the engine was closed. Resume in another.
 *   <li>{@link io.reactivestore.engine.DuplicateStepException}: two live steps of one name. Name each by its item, then resume.
 *   <li>{@link io.reactivestore.engine.PayloadCodecException}: a value does not fit its type. Mend the code, then resume.
 *   <li>{@link io.reactivestore.engine.InterventionRefusedException}: a decision its node cannot take in. Decide again, with a new
 *       id.
 *   <li>{@link io.reactivestore.engine.TraceLiveException}: the trace runs here and cannot be rewound. Wait for its end.
 *   <li>{@link io.reactivestore.engine.UnknownWorkflowException}: nobody registered that version. Register it, or resume with the
 *       workflow at hand.
 *   <li>{@link io.reactivestore.engine.WorkflowConflictException}: the trace runs another workflow or version. Use another id.
 *   <li>{@link io.reactivestore.engine.InputConflictException}: the trace was started with another input. Use another id, or
 *       resume.
 *   <li>{@link io.reactivestore.engine.ForeignTraceException}: no engine started the trace. Use another id.
 * </ul>
 *
 * <p>Signalled to the workflow's own code, which may handle it:
 *
 * <ul>
 *   <li>{@link io.reactivestore.engine.InterventionFailedException}: somebody decided that a node fails.
 * </ul>
 */
@NullMarked
package io.reactivestore.engine;

import org.jspecify.annotations.NullMarked;
