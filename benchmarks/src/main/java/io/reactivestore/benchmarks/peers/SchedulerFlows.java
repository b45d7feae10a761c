package io.reactivestore.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * db-scheduler as a queue of one-step jobs, as its page on performance advises for many: lock-and-fetch, fifty threads, fetch
 * limits 0.5 and 4.0, and immediate execution of what was just scheduled. A job has ended when its row is gone.
 */
final class SchedulerFlows implements Contestant {

    private static final String[] TABLE = {"""
        CREATE TABLE scheduled_tasks (task_name text NOT NULL, task_instance text NOT NULL, task_data bytea, \
        execution_time timestamp with time zone NOT NULL, picked boolean NOT NULL, picked_by text, \
        last_success timestamp with time zone, last_failure timestamp with time zone, consecutive_failures int, \
        last_heartbeat timestamp with time zone, version bigint NOT NULL, priority smallint, \
        PRIMARY KEY (task_name, task_instance))""", """
        CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)""", """
        CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)""", """
        CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)"""};
    private static final int THREADS = 50;

    private final HikariDataSource pool;
    private final Scheduler scheduler;
    private final Task<String> task;
    private final Callers callers = new Callers();
    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private volatile Flows load = Flows.none();

    SchedulerFlows(Place place) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(place.jdbcUrl());
        config.setSchema(place.schema());
        config.setConnectionTimeout(120_000);
        config.setMaximumPoolSize(Place.CONNECTIONS);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : TABLE) {
                statement.execute(sql);
            }
        }
        task = Tasks.oneTime("charge-card", String.class).execute((instance, context) -> load.step());
        scheduler = Scheduler.create(pool, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(0.5, 4.0)
                .enableImmediateExecution()
                .addSchedulerListener(new Ends())
                .build();
        scheduler.start();
    }

    /** Tells who waits that the row of a job is gone. */
    private final class Ends extends AbstractSchedulerListener {
        @Override
        public void onExecutionComplete(ExecutionComplete executionComplete) {
            CompletableFuture<Void> caller =
                    waiting.remove(executionComplete.getExecution().getId());
            if (caller == null) {
                return;
            }
            if (executionComplete.getResult() == ExecutionComplete.Result.OK) {
                caller.complete(null);
            } else {
                caller.completeExceptionally(
                        executionComplete.getCause().orElseGet(() -> new IllegalStateException("the job failed")));
            }
        }
    }

    @Override
    public void drive(int inFlight, Flows load) throws Exception {
        this.load = load;
        callers.drive(inFlight, load, () -> {
            String id = Flows.newId();
            CompletableFuture<Void> end = new CompletableFuture<>();
            waiting.put(id, end);
            scheduler.schedule(task.instance(id, load.payload()), Instant.now());
            return end.get();
        });
    }

    @Override
    public void close() {
        callers.close();
        scheduler.stop();
        pool.close();
    }
}
