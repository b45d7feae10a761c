-- Reactive Store, schema version 6, PostgreSQL 12 and later: what was made of journals up to a position.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- The latest of each version. The anchor tells the entry at the position from all others: if it is another one, so is the trace.
CREATE TABLE ${schema}${prefix}snapshot (
    trace_id   text COLLATE "C" NOT NULL,
    version    text NOT NULL,
    position   bigint NOT NULL,
    anchor     bytea NOT NULL,
    media_type text NOT NULL,
    hash       bytea NOT NULL,
    content    bytea NOT NULL,
    PRIMARY KEY (trace_id, version)
);

-- It is compressed before it comes here.
ALTER TABLE ${schema}${prefix}snapshot ALTER COLUMN content SET STORAGE EXTERNAL;
