package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import java.util.Arrays;
import java.util.List;

/** The databases there are adapters for. */
enum Database {
    POSTGRESQL("PostgreSQL", "postgresql", "trace_id = ANY($1)"),
    // H2 2.4 compares each row it found by the index with each element of an array once more
    H2("H2", "h2", "trace_id IN (SELECT id FROM UNNEST(CAST($1 AS VARCHAR ARRAY)) AS ids (id))");

    private final String metadataName;
    private final String folder;
    private final String ids;

    Database(String metadataName, String folder, String ids) {
        this.metadataName = metadataName;
        this.folder = folder;
        this.ids = ids;
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

    /** The condition that a trace is one of those bound first. */
    String ids() {
        return ids;
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
