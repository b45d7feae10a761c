-- Reactive Store, schema version 5, H2 2.3 and later: content kept once, by its hash.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- A content, and when it was last put: what nobody refers to is removed only long after that.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}fact (
    hash       varbinary(32) NOT NULL PRIMARY KEY,
    media_type varchar(127) NOT NULL,
    content    blob NOT NULL,
    touched_at timestamp(6) with time zone NOT NULL
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}fact_touched ON ${schema}${prefix}fact (touched_at);

-- That a trace refers to a fact, by entries whose payload_hash is entry_hash. Taken before such an entry is appended, and settled
-- once one was found.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}fact_reference (
    trace_id   varchar(255) NOT NULL,
    entry_hash varbinary(32) NOT NULL,
    fact_hash  varbinary(32) NOT NULL,
    noted_at   timestamp(6) with time zone NOT NULL,
    settled    boolean NOT NULL,
    PRIMARY KEY (trace_id, entry_hash)
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}fact_reference_fact ON ${schema}${prefix}fact_reference (fact_hash);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}fact_reference_noted ON ${schema}${prefix}fact_reference (settled, noted_at);
