-- Reactive Store, schema version 5, PostgreSQL 12 and later: content kept once, by its hash.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- A content, and when it was last put: what nobody refers to is removed only long after that.
CREATE TABLE ${schema}${prefix}fact (
    hash       bytea NOT NULL PRIMARY KEY,
    media_type text NOT NULL,
    content    bytea NOT NULL,
    touched_at timestamptz NOT NULL
);

-- As for payloads in the journal.
DO $$
BEGIN
    EXECUTE 'ALTER TABLE ${schema}${prefix}fact ALTER COLUMN content SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported THEN
    NULL;
END
$$;

CREATE INDEX ${prefix}fact_touched ON ${schema}${prefix}fact (touched_at);

-- That a trace refers to a fact, by entries whose payload_hash is entry_hash. Taken before such an entry is appended, and settled
-- once one was found.
CREATE TABLE ${schema}${prefix}fact_reference (
    trace_id   text COLLATE "C" NOT NULL,
    entry_hash bytea NOT NULL,
    fact_hash  bytea NOT NULL,
    noted_at   timestamptz NOT NULL,
    settled    boolean NOT NULL,
    PRIMARY KEY (trace_id, entry_hash)
);

CREATE INDEX ${prefix}fact_reference_fact ON ${schema}${prefix}fact_reference (fact_hash);
CREATE INDEX ${prefix}fact_reference_noted ON ${schema}${prefix}fact_reference (noted_at) WHERE NOT settled;
