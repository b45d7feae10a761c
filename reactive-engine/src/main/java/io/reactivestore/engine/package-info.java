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
 * DurableEngine engine = DurableEngine.builder(store).register(onboarding).build();
 * Mono<Receipt> receipt = engine.run(onboarding, "employee-7", employee);
 * }</pre>
 *
 * <p>Those who like a static chain build a {@link io.reactivestore.engine.Pipeline}: the same steps, with a shape that is known
 * beforehand.
 *
 * <p>Code changes while traces are under way. What is on record is found by name, so steps may come, go and change places. Beyond
 * that a workflow says what becomes of traces of other versions ({@link io.reactivestore.engine.ChangePolicy}): they keep to
 * theirs, go on with this one, or are told anew by {@link io.reactivestore.engine.Migration}s. A
 * {@link io.reactivestore.engine.Replay} of recorded journals tells beforehand what would be different.
 *
 * <pre>{@code
 * Workflow<Order, Receipt> two = Workflow.named("order").version("2")
 *         .migration(Migration.between("1", "2").rename("charge", "payment").restartFrom("ship"))
 *         .input(Order.class)
 *         .output(Receipt.class)
 *         .body((ctx, order) -> ctx.step("payment", Receipt.class, () -> payments.charge(order)));
 * Mono<ReplayReport> report = RecordedJournal.of(store.require(Capability.JOURNAL), "order-42")
 *         .flatMap(recorded -> Replay.of(two).run(recorded));
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
 *   <li>{@link io.reactivestore.engine.EngineClosedException}: the engine was closed. Another one goes on.
 *   <li>{@link io.reactivestore.engine.EngineOverloadedException}: too many traces are live. Try again later.
 *   <li>{@link io.reactivestore.engine.DuplicateStepException}: two live steps of one name. Name each by its item, then resume.
 *   <li>{@link io.reactivestore.engine.PayloadCodecException}: a value does not fit its type. Mend the code, then resume.
 *   <li>{@link io.reactivestore.engine.PayloadTransformException}: a payload is damaged. Restore it from a backup.
 *   <li>{@link io.reactivestore.engine.UnknownKeyException}: a payload was encrypted with a key that is gone. Add the key, then
 *       resume.
 *   <li>{@link io.reactivestore.engine.StepBrokenException}: a policy or a predicate threw. Mend it, then resume.
 *   <li>{@link io.reactivestore.engine.InterventionRefusedException}: a decision its node cannot take in. Decide again, with a new
 *       id.
 *   <li>{@link io.reactivestore.engine.UnknownWorkflowException}: nobody registered that version, or one that takes its traces.
 *       Register it, or resume with the workflow at hand.
 *   <li>{@link io.reactivestore.engine.WorkflowChangedException}: the workflow has another shape than when the trace was started.
 *       Give it a new version, or a migration.
 *   <li>{@link io.reactivestore.engine.MigrationFailedException}: a migration cannot be done. Mend it.
 *   <li>{@link io.reactivestore.engine.UnknownCaseException}: the choice on record is no case of the pipeline. Decide again, with
 *       a new id.
 *   <li>{@link io.reactivestore.engine.WorkflowConflictException}: the trace runs another workflow or version. Use another id.
 *   <li>{@link io.reactivestore.engine.InputConflictException}: the trace was started with another input. Use another id, or
 *       resume.
 *   <li>{@link io.reactivestore.engine.ForeignTraceException}: no engine started the trace. Use another id.
 * </ul>
 *
 * <p>Signalled to the workflow's own code, which may handle it:
 *
 * <ul>
 *   <li>{@link io.reactivestore.engine.StepFailedException}: a step failed and nothing more is tried. {@code isA} tells why, also
 *       after a restart.
 *   <li>{@link io.reactivestore.engine.InterventionFailedException}: somebody decided that a node fails.
 *   <li>{@link io.reactivestore.engine.InterventionTimeoutException}: what {@code isA} tells if nobody decided in time.
 *   <li>{@link io.reactivestore.engine.ErrorValueException}: what {@code isA} tells if a result counts as a failure.
 * </ul>
 */
@NullMarked
package io.reactivestore.engine;

import org.jspecify.annotations.NullMarked;
