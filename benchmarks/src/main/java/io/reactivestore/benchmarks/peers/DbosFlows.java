package io.reactivestore.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;

/**
 * DBOS Transact: its defaults, with LISTEN/NOTIFY, in a schema of its own, workflows started in the background and their results
 * awaited, on its own executor (virtual threads where Java has them, else fifty threads for each CPU). The pool has the settings
 * that DBOS gives the one it makes itself from a URL.
 */
final class DbosFlows implements Contestant {

    /** The workflow, as DBOS wants it: an interface to make a proxy of. */
    public interface Orders {
        /** Runs the steps. */
        long order(String payload);
    }

    /** Its code. */
    public static final class DurableOrders implements Orders {

        private final DBOS dbos;
        private final int steps;
        private volatile Flows load = Flows.none();

        DurableOrders(DBOS dbos, int steps) {
            this.dbos = dbos;
            this.steps = steps;
        }

        @Override
        @Workflow(name = "order")
        public long order(String payload) {
            long done = 0;
            for (int i = 0; i < steps; i++) {
                dbos.runStep(() -> load.step(), "charge-card");
                done++;
            }
            return done;
        }
    }

    private final HikariDataSource pool;
    private final DBOS dbos;
    private final DurableOrders code;
    private final Orders orders;
    private final Callers callers = new Callers();

    DbosFlows(Place place, int steps) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(place.jdbcUrl());
        config.setMaxLifetime(60_000);
        config.setKeepaliveTime(30_000);
        // DBOS waits 10 s; with 1024 workflows on ten connections that would be a failure rather than a figure
        config.setConnectionTimeout(120_000);
        config.setMaximumPoolSize(Place.CONNECTIONS);
        config.setMinimumIdle(Place.CONNECTIONS);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        pool = new HikariDataSource(config);
        dbos = new DBOS(DBOSConfig.defaults("benchmark")
                .withDataSource(pool)
                .withDatabaseSchema(place.schema())
                .withAppVersion("1"));
        code = new DurableOrders(dbos, steps);
        orders = dbos.registerProxy(Orders.class, code);
        dbos.launch();
    }

    @Override
    public void drive(int inFlight, Flows load) throws Exception {
        code.load = load;
        callers.drive(
                inFlight,
                load,
                () -> dbos.startWorkflow(() -> orders.order(load.payload()), new StartWorkflowOptions(Flows.newId()))
                        .getResult());
    }

    @Override
    public void close() {
        callers.close();
        dbos.shutdown();
        pool.close();
    }
}
