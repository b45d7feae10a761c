package io.reactivestore.examples.onboarding;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.reactivestore.examples.onboarding.Onboarding.Access;
import io.reactivestore.examples.onboarding.Onboarding.Account;
import io.reactivestore.examples.onboarding.Onboarding.Approval;
import io.reactivestore.examples.onboarding.Onboarding.Employee;
import io.reactivestore.examples.onboarding.Onboarding.Laptop;
import io.reactivestore.examples.onboarding.Onboarding.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The other systems, which take their time. With a ledger, each thing they did is one line in that file: the world outside, which
 * no database can take back.
 */
record Office(@Nullable Path ledger, Clock clock) {

    private static final Duration WORK = Duration.ofMillis(200);

    Mono<Account> createAccount(Employee employee) {
        String login = employee.name().strip().toLowerCase(Locale.ROOT).replaceAll("\\W+", ".");
        return does("create-account", WORK, () -> new Account(login, login + "@example.com"));
    }

    Mono<Laptop> orderLaptop(Account account, String idempotencyKey) {
        return does("laptop", WORK, () -> new Laptop("Laptop 14", "SN-" + idempotencyKey.substring(0, 8)));
    }

    /** Takes longer than the laptop, so that there is something in flight when the process dies behind the laptop. */
    Mono<Access> grantAccess(Account account) {
        return does("access", WORK.multipliedBy(4), () -> new Access(List.of("mail", "wiki", "payroll")));
    }

    Mono<Receipt> welcome(Account account, Approval approval) {
        return does("welcome-mail", WORK, () -> new Receipt(account.email(), approval.by(), clock.instant()));
    }

    Mono<Boolean> deleteAccount(Account account) {
        return does("delete-account", WORK, () -> true);
    }

    Mono<Boolean> returnLaptop(Laptop laptop) {
        return does("return-laptop", WORK, () -> true);
    }

    Mono<Boolean> revokeAccess(Access access) {
        return does("revoke-access", WORK, () -> true);
    }

    private <T> Mono<T> does(String what, Duration work, Supplier<T> result) {
        return Mono.delay(work).then(note(what)).then(Mono.fromSupplier(result));
    }

    private Mono<Void> note(String what) {
        if (ledger == null) {
            return Mono.empty();
        }
        return Mono.fromCallable(() -> Files.writeString(ledger, what + System.lineSeparator(), CREATE, APPEND))
                .subscribeOn(Schedulers.boundedElastic())
                .then();
    }
}
