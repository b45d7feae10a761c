package io.reactivestore.benchmarks.peers;

/**
 * Where a contender of the comparison keeps its data.
 *
 * @param jdbcUrl the database, for JDBC
 * @param r2dbcUrl the same, for R2DBC
 * @param schema its own schema in it, empty when a turn begins
 */
record Place(String jdbcUrl, String r2dbcUrl, String schema) {

    /** The size of the connection pool of every contender; it is the default of DBOS and of HikariCP. */
    static final int CONNECTIONS = 10;
}
