package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.StepOptions;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Receipt;
import io.reactivestore.r2dbc.R2dbcStore;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class TransactionGuideTest {

    private static final String URL = "r2dbc:h2:mem:///" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @Test
    void one_transaction() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Receipt> booked = ctx.transaction(
                            StepOptions.of("book", Receipt.class),
                            Connection.class,
                            (step, connection) -> Mono.from(connection
                                            .createStatement("INSERT INTO booking (id) VALUES ($1)")
                                            .bind("$1", o.id())
                                            .execute())
                                    .flatMap(result -> Mono.from(result.getRowsUpdated()))
                                    .thenReturn(new Receipt(o.id())));
                    // end
                    return booked;
                });
        sql("CREATE TABLE booking (id VARCHAR)", result -> Mono.from(result.getRowsUpdated()));
        R2dbcStore store = R2dbcStore.create(URL);
        store.migrate().block();
        DurableEngine engine = DurableEngine.builder(store).register(checkout).build();
        assertThat(engine.run(checkout, "t", new Order("42", List.of())).block())
                .isEqualTo(new Receipt("42"));
        assertThat(sql("SELECT id FROM booking", result -> Mono.from(result.map(row -> row.get(0, String.class)))))
                .containsExactly("42");
        engine.close().then(store.close()).block();
    }

    private static <T> List<T> sql(String sql, Function<Result, Mono<T>> read) {
        return Flux.usingWhen(
                        ConnectionFactories.get(URL).create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .flatMap(read),
                        Connection::close)
                .collectList()
                .block();
    }
}
