package io.reactivestore.benchmarks.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the database did since it started, from its own books, at once: transaction ids and the write-ahead log are counted when
 * they are given out, while pg_stat_database hears of a session only after it has been idle for a while.
 */
public final class DatabaseMeter implements AutoCloseable {

    /**
     * The books at one moment.
     *
     * @param statements statements run while they were counted; BEGIN, which the drivers send along with the next one, is none
     * @param commits transactions that wrote something
     * @param walBytes bytes of write-ahead log
     * @param cpuSeconds CPU time of the server's processes, or NaN where it cannot be read
     */
    public record Books(long statements, long commits, long walBytes, double cpuSeconds) {}

    private static final String WRITTEN =
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text, pg_current_wal_insert_lsn() - '0/0'";
    private static final String STATEMENTS =
            "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query NOT LIKE 'BEGIN%'";
    private static final double TICKS_PER_SECOND = 100;

    private final Connection connection;
    private final boolean countsStatements;
    private final String postmaster;

    /** Opens the books. Statements can be counted where the server has loaded pg_stat_statements. */
    public DatabaseMeter(BenchmarkDatabase database) {
        try {
            connection = DriverManager.getConnection(database.jdbcUrl());
            countsStatements = text("SHOW shared_preload_libraries").contains("pg_stat_statements");
            if (countsStatements) {
                execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", "SET pg_stat_statements.track = 'none'");
                countStatements(false);
            }
            postmaster = parent(text("SELECT pg_backend_pid()"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says whether the server can count statements. */
    public boolean countsStatements() {
        return countsStatements;
    }

    /** Begins or ends the counting of statements in sessions that begin from now on. It costs the server a little with each. */
    public void countStatements(boolean count) {
        if (countsStatements) {
            execute("ALTER ROLE CURRENT_USER SET pg_stat_statements.track = '" + (count ? "top" : "none") + "'");
        }
    }

    /** Reads the books. */
    public Books read() {
        try (Statement statement = connection.createStatement();
                ResultSet written = statement.executeQuery(WRITTEN)) {
            written.next();
            return new Books(
                    countsStatements ? Long.parseLong(text(STATEMENTS)) : 0,
                    Long.parseLong(written.getString(1)),
                    written.getLong(2),
                    cpuSeconds());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The CPU time of the server and the sessions it has and had; those that ended are in its own account. */
    private double cpuSeconds() {
        if (postmaster.isEmpty()) {
            return Double.NaN;
        }
        double ticks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String[] stat = stat(process);
                if (stat.length > 14 && (stat[1].equals(postmaster) || process.endsWith(postmaster))) {
                    ticks += Double.parseDouble(stat[11]) + Double.parseDouble(stat[12]);
                    ticks += process.endsWith(postmaster)
                            ? Double.parseDouble(stat[13]) + Double.parseDouble(stat[14])
                            : 0;
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** The process that started a session, if the server is on this machine. */
    private static String parent(String session) {
        Path process = Path.of("/proc", session);
        String[] stat = stat(process);
        try {
            return stat.length > 1
                            && Files.readString(process.resolve("comm")).strip().startsWith("postgres")
                    ? stat[1]
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The fields of /proc/n/stat behind the name: state, parent, and so on. */
    private static String[] stat(Path process) {
        try {
            String line = Files.readString(process.resolve("stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException | RuntimeException e) {
            return new String[0];
        }
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    private void execute(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (countsStatements) {
                execute("ALTER ROLE CURRENT_USER RESET pg_stat_statements.track");
            }
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
