package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import java.util.Arrays;
import java.util.List;

/** The databases there are adapters for. */
enum Database {
    POSTGRESQL("PostgreSQL", "postgresql", "${schema}${prefix}${table} WHERE trace_id = ANY($1)"),
    // given a list, H2 2.4 reads the whole index if there is another condition on one of its columns, whatever EXPLAIN
    // says, and compares each row with each element of the list; a join looks up what is wanted
    H2("H2", "h2", "UNNEST(CAST($1 AS VARCHAR ARRAY)) AS ids (id), ${schema}${prefix}${table} WHERE trace_id = id");

    private final String metadataName;
    private final String folder;
    private final String rows;

    Database(String metadataName, String folder, String rows) {
        this.metadataName = metadataName;
        this.folder = folder;
        this.rows = rows;
    }

    static Database of(ConnectionFactory factory) {
        String name = factory.getMetadata().getName();
        return Arrays.stream(values())
                .filter(database -> database.metadataName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no adapter for '" + name + "'; there are adapters for PostgreSQL and H2"));
    }

    String folder() {
        return folder;
    }

    /** What to read from to find the entries of those traces that are bound first, each of them once; conditions may follow. */
    String journals() {
        return rowsOf("journal");
    }

    /** The same for another table with a trace in each row. */
    String rowsOf(String table) {
        return rows.replace("${table}", table);
    }

    /** The statements of a script as the driver takes them. PostgreSQL takes a script as a whole; r2dbc-h2 does not. */
    List<String> statements(String script) {
        return this == POSTGRESQL
                ? List.of(script)
                : Arrays.stream(script.split(";\\s*\\n"))
                        .filter(statement -> !statement.isBlank())
                        .toList();
    }
}
