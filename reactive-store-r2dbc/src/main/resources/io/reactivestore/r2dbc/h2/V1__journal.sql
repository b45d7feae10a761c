-- Reactive Store, schema version 1, H2 2.3 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- One row per trace, for listing and for handing out what is due. Written when a trace starts, waits, is taken over and ends,
-- never per step.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}trace (
    trace_id   varchar(255) NOT NULL PRIMARY KEY,
    workflow   varchar(255) NOT NULL,
    version    varchar(100) NOT NULL,
    status     smallint NOT NULL,
    holder     bigint,
    due_at     timestamp(6) with time zone,
    created_at timestamp(6) with time zone NOT NULL,
    updated_at timestamp(6) with time zone NOT NULL
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}trace_newest ON ${schema}${prefix}trace (created_at DESC, trace_id DESC);

-- What is due: traces that wait, by their time, and traces that run, by who holds them.
CREATE INDEX IF NOT EXISTS ${schema}${prefix}trace_waiting ON ${schema}${prefix}trace (status, due_at);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}trace_running ON ${schema}${prefix}trace (holder);

-- Who runs traces, and until when they are taken to live unless they say so again.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}engine (
    writer      bigint NOT NULL PRIMARY KEY,
    name        varchar(255) NOT NULL,
    alive_until timestamp(6) with time zone NOT NULL
);

-- The journal. Its key is the lock: a position can be written once.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}journal (
    trace_id     varchar(255) NOT NULL,
    position     bigint NOT NULL,
    writer       bigint NOT NULL,
    step         bigint,
    at           timestamp(6) with time zone NOT NULL,
    attempt      integer,
    kind         smallint NOT NULL,
    outcome      smallint,
    workflow     varchar(255),
    version      varchar(100),
    node_id      varchar(1000),
    reference    varchar(1000),
    label        varchar(1000),
    message      varchar(8000),
    detail       varchar(8000),
    media_type   varchar(127),
    payload_hash varbinary(32),
    payload      blob,
    PRIMARY KEY (trace_id, position)
);

CREATE OR REPLACE VIEW ${schema}${prefix}journal_readable AS
SELECT
    trace_id,
    position,
    CASE kind WHEN 1 THEN 'STEP' WHEN 2 THEN 'INTERVENTION' WHEN 3 THEN 'RESUMED' WHEN 4 THEN 'CLAIMED'
        WHEN 5 THEN 'COMPLETED' WHEN 6 THEN 'CUSTOM' WHEN 7 THEN 'SUSPENDED' END AS kind,
    step,
    CASE WHEN kind = 6 THEN label ELSE node_id END AS node,
    attempt,
    CASE kind
        WHEN 1 THEN CASE outcome WHEN 1 THEN 'STARTED' WHEN 2 THEN 'SUCCESS' WHEN 3 THEN 'FAULT' WHEN 4 THEN 'SKIPPED' END
        WHEN 2 THEN CASE outcome WHEN 1 THEN 'SUPPLY' WHEN 2 THEN 'RERUN' WHEN 3 THEN 'SKIP' WHEN 4 THEN 'FAIL'
            WHEN 5 THEN 'CANCEL' END
        WHEN 5 THEN CASE outcome WHEN 1 THEN 'SUCCESS' WHEN 2 THEN 'FAULT' WHEN 3 THEN 'CANCELLED'
            WHEN 4 THEN 'COMPENSATED' WHEN 5 THEN 'TIMED_OUT' END
    END AS outcome,
    at,
    utf8tostring(payload) AS payload,
    CASE WHEN kind IN (1, 5) THEN label END AS failure,
    message,
    CASE WHEN kind IN (2, 4) THEN label END AS operator,
    reference,
    CASE WHEN kind = 7 THEN label END AS wake_at,
    workflow,
    version,
    writer
FROM ${schema}${prefix}journal;

CREATE OR REPLACE VIEW ${schema}${prefix}trace_readable AS
SELECT
    trace_id,
    workflow,
    version,
    CASE status WHEN 0 THEN 'RUNNING' WHEN 1 THEN 'WAITING' WHEN 2 THEN 'SUCCESS' WHEN 3 THEN 'FAULT'
        WHEN 4 THEN 'CANCELLED' WHEN 5 THEN 'COMPENSATED' WHEN 6 THEN 'TIMED_OUT' END AS status,
    holder,
    (SELECT name FROM ${schema}${prefix}engine WHERE writer = holder) AS engine,
    due_at,
    created_at,
    updated_at
FROM ${schema}${prefix}trace;
