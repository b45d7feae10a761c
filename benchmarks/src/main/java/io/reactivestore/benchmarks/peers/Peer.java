package io.reactivestore.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** Who takes part in the end-to-end comparison. */
public enum Peer {
    /** The engine on PostgreSQL. */
    ENGINE("Reactive Store", "reactive-store", 10, true) {
        @Override
        Contestant open(Place place) {
            return EngineFlows.onPostgres(place, steps());
        }
    },
    /** DBOS Transact on PostgreSQL. */
    DBOS_TRANSACT("DBOS Transact", "dbos", 10, true) {
        @Override
        Contestant open(Place place) {
            return new DbosFlows(place, steps());
        }
    },
    /** The engine on PostgreSQL, with workflows of one step, to be put beside a queue of jobs. */
    ENGINE_ONE_STEP("Reactive Store (1 step)", "reactive-store", 1, true) {
        @Override
        Contestant open(Place place) {
            return EngineFlows.onPostgres(place, steps());
        }
    },
    /** db-scheduler on PostgreSQL: jobs of one step. */
    DB_SCHEDULER("db-scheduler (1 step)", "db-scheduler", 1, true) {
        @Override
        Contestant open(Place place) throws Exception {
            return new SchedulerFlows(place);
        }
    },
    /** Restate, with a server and a log of its own. */
    RESTATE("Restate", "restate", 10, false) {
        @Override
        Contestant open(Place place) throws Exception {
            // in a profile of its own: whoever builds without it has no such class
            Constructor<?> open = Class.forName("io.reactivestore.benchmarks.peers.RestateFlows")
                    .getDeclaredConstructor(Path.class, int.class, Path.class);
            Path binary = Path.of(System.getProperty(RESTATE_SERVER));
            return new OnFiles(directory -> (Contestant) open.newInstance(binary, steps(), directory));
        }

        @Override
        public String version() {
            try {
                Process server = new ProcessBuilder(System.getProperty(RESTATE_SERVER), "--version").start();
                return super.version() + ", " + server.inputReader().readLine();
            } catch (IOException e) {
                return super.version() + ", no server: " + e.getMessage();
            }
        }
    },
    /** The store on PostgreSQL without the engine: what its appends cost alone. */
    STORE("Reactive Store (appends only)", "reactive-store", 10, true) {
        @Override
        Contestant open(Place place) {
            return new StoreFlows(place, steps());
        }
    },
    /** The engine on a file of H2. */
    ENGINE_H2("Reactive Store on H2", "h2", 10, false) {
        @Override
        Contestant open(Place place) throws Exception {
            return new OnFiles(directory -> EngineFlows.onH2File(directory, steps()));
        }
    },
    /** The engine on the store in memory: what it costs without a database. */
    ENGINE_MEMORY("Reactive Store in memory", "reactive-store", 10, false) {
        @Override
        Contestant open(Place place) {
            return EngineFlows.inMemory(steps());
        }
    };

    /** The system property that names the binary of restate-server. */
    public static final String RESTATE_SERVER = "reactivestore.benchmarks.restate";

    private final String label;
    private final String library;
    private final int steps;
    private final boolean onPostgres;

    Peer(String label, String library, int steps, boolean onPostgres) {
        this.label = label;
        this.library = library;
        this.steps = steps;
        this.onPostgres = onPostgres;
    }

    abstract Contestant open(Place place) throws Exception;

    /** The name in tables. */
    public String label() {
        return label;
    }

    /** Steps of one workflow. */
    public int steps() {
        return steps;
    }

    /** Whether its data is in PostgreSQL, whose books then tell what it did. */
    public boolean isOnPostgres() {
        return onPostgres;
    }

    /** Its schema in the database. */
    public String schema() {
        return "bench_" + name().toLowerCase(Locale.ROOT);
    }

    /** Its library and the version of that. */
    public String version() {
        Properties versions = new Properties();
        try (InputStream in = Peer.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return library + " " + versions.getProperty(library);
    }
}
