package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import java.util.Arrays;
import java.util.List;

/** The databases there are adapters for. */
enum Database {
    POSTGRESQL("PostgreSQL", "postgresql"),
    H2("H2", "h2");

    private final String metadataName;
    private final String folder;

    Database(String metadataName, String folder) {
        this.metadataName = metadataName;
        this.folder = folder;
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

    /** The statements of a script as the driver takes them. PostgreSQL takes a script as a whole; r2dbc-h2 does not. */
    List<String> statements(String script) {
        return this == POSTGRESQL
                ? List.of(script)
                : Arrays.stream(script.split(";\\s*\\n"))
                        .filter(statement -> !statement.isBlank())
                        .toList();
    }
}
