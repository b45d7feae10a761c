package io.reactivestore.r2dbc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of the tables: the only parts of a statement that are not fixed, so each is a checked identifier. */
record Tables(@Nullable String schema, String prefix) {

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,30}");

    Tables {
        if (schema != null) {
            check("schema", schema);
        }
        check("tablePrefix", prefix);
    }

    private static void check(String what, String value) {
        if (!IDENTIFIER.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    what + " must be 1 to 31 of a-z, 0-9 and _, not starting with a digit; found '" + value + "'");
        }
    }

    /** Puts schema and prefix into a statement. */
    String in(String sql) {
        return sql.replace("${schema}", schema == null ? "" : schema + ".").replace("${prefix}", prefix);
    }
}
