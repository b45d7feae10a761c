-- Reactive Store, schema version 1, PostgreSQL 12 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- One row per trace, for listing and for handing out what is due. Written when a trace starts, waits, is taken over and ends,
-- never per step.
CREATE TABLE ${schema}${prefix}trace (
    trace_id   text COLLATE "C" NOT NULL PRIMARY KEY,
    workflow   text NOT NULL,
    version    text NOT NULL,
    status     smallint NOT NULL,
    holder     bigint,
    due_at     timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE INDEX ${prefix}trace_newest ON ${schema}${prefix}trace (created_at DESC, trace_id DESC);

-- What is due: traces that wait, by their time, and traces that run, by who holds them.
CREATE INDEX ${prefix}trace_waiting ON ${schema}${prefix}trace (due_at) WHERE status = 1;
CREATE INDEX ${prefix}trace_running ON ${schema}${prefix}trace (holder, due_at NULLS FIRST) WHERE status = 0;

-- Who runs traces, and until when they are taken to live unless they say so again.
CREATE TABLE ${schema}${prefix}engine (
    writer      bigint NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    alive_until timestamptz NOT NULL
);

-- The journal. Its key is the lock: a position can be written once.
CREATE TABLE ${schema}${prefix}journal (
    trace_id     text COLLATE "C" NOT NULL,
    position     bigint NOT NULL,
    writer       bigint NOT NULL,
    step         bigint,
    at           timestamptz NOT NULL,
    attempt      integer,
    kind         smallint NOT NULL,
    outcome      smallint,
    workflow     text,
    version      text,
    node_id      text,
    reference    text,
    label        text,
    message      text,
    detail       text,
    media_type   text,
    payload_hash bytea,
    payload      bytea,
    PRIMARY KEY (trace_id, position)
);

-- For payloads of some KB, which are compressed: lz4 takes less than half the time of the default for the same size. PostgreSQL
-- before 14, or one built without lz4, keeps the default.
DO $$
BEGIN
    EXECUTE 'ALTER TABLE ${schema}${prefix}journal ALTER COLUMN payload SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported THEN
    NULL;
END
$$;

-- What the library sends: arrays of these rows. Types of their own, not the tables' row types, so that a later version may add
-- columns while processes of this version still write.
CREATE TYPE ${schema}${prefix}trace_v1 AS (
    trace_id   text,
    workflow   text,
    version    text,
    status     smallint,
    holder     bigint,
    due_at     timestamptz,
    created_at timestamptz,
    updated_at timestamptz
);

CREATE TYPE ${schema}${prefix}journal_v1 AS (
    trace_id     text,
    position     bigint,
    writer       bigint,
    step         bigint,
    at           timestamptz,
    attempt      integer,
    kind         smallint,
    outcome      smallint,
    workflow     text,
    version      text,
    node_id      text,
    reference    text,
    label        text,
    message      text,
    detail       text,
    media_type   text,
    payload_hash bytea,
    payload      bytea
);

-- Payload bytes as an operator can read them: text where they are UTF-8, else hexadecimal digits. Never fails.
CREATE FUNCTION ${schema}${prefix}readable(content bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN convert_from(content, 'UTF8');
EXCEPTION WHEN OTHERS THEN
    RETURN '\x' || encode(content, 'hex');
END
$$;

CREATE VIEW ${schema}${prefix}journal_readable AS
SELECT
    trace_id,
    position,
    (ARRAY['STEP', 'INTERVENTION', 'RESUMED', 'CLAIMED', 'COMPLETED', 'CUSTOM', 'SUSPENDED'])[kind] AS kind,
    step,
    CASE WHEN kind = 6 THEN label ELSE node_id END AS node,
    attempt,
    CASE kind
        WHEN 1 THEN (ARRAY['STARTED', 'SUCCESS', 'FAULT', 'SKIPPED'])[outcome]
        WHEN 2 THEN (ARRAY['SUPPLY', 'RERUN', 'SKIP', 'FAIL', 'CANCEL'])[outcome]
        WHEN 5 THEN (ARRAY['SUCCESS', 'FAULT', 'CANCELLED', 'COMPENSATED', 'TIMED_OUT'])[outcome]
    END AS outcome,
    at,
    ${schema}${prefix}readable(payload) AS payload,
    CASE WHEN kind IN (1, 5) THEN label END AS failure,
    message,
    CASE WHEN kind IN (2, 4) THEN label END AS operator,
    reference,
    CASE WHEN kind = 7 THEN label END AS wake_at,
    workflow,
    version,
    to_hex(writer) AS writer
FROM ${schema}${prefix}journal;

CREATE VIEW ${schema}${prefix}trace_readable AS
SELECT
    trace_id,
    workflow,
    version,
    (ARRAY['RUNNING', 'WAITING', 'SUCCESS', 'FAULT', 'CANCELLED', 'COMPENSATED', 'TIMED_OUT'])[status + 1] AS status,
    to_hex(holder) AS holder,
    (SELECT name FROM ${schema}${prefix}engine WHERE writer = holder) AS engine,
    due_at,
    created_at,
    updated_at
FROM ${schema}${prefix}trace;
