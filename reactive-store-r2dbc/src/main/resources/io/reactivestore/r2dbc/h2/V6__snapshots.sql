-- Reactive Store, schema version 6, H2 2.3 and later: what was made of journals up to a position.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- The latest of each version. The anchor tells the entry at the position from all others: if it is another one, so is the trace.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}snapshot (
    trace_id   varchar(255) NOT NULL,
    version    varchar(100) NOT NULL,
    position   bigint NOT NULL,
    anchor     varbinary(32) NOT NULL,
    media_type varchar(127) NOT NULL,
    hash       varbinary(32) NOT NULL,
    content    blob NOT NULL,
    PRIMARY KEY (trace_id, version)
);
