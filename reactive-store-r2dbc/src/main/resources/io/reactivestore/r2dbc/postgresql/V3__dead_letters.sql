-- Reactive Store, schema version 3, PostgreSQL 12 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- What failed for good. The id of what is about a trace is the id of the trace, so that no trace has two.
CREATE TABLE ${schema}${prefix}dead_letter (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    trace_id        text COLLATE "C" NOT NULL,
    workflow        text NOT NULL,
    version         text NOT NULL,
    cause           smallint NOT NULL,
    failure_type    text,
    failure_message text,
    failure_detail  text,
    created_at      timestamptz NOT NULL,
    state           smallint NOT NULL,
    state_at        timestamptz NOT NULL,
    note            text,
    replay          text,
    replay_until    timestamptz,
    revision        bigint NOT NULL
);

CREATE INDEX ${prefix}dead_letter_newest ON ${schema}${prefix}dead_letter (created_at DESC, id DESC);
CREATE INDEX ${prefix}dead_letter_state ON ${schema}${prefix}dead_letter (state, created_at DESC, id DESC);
CREATE INDEX ${prefix}dead_letter_trace ON ${schema}${prefix}dead_letter (trace_id);

-- What the library sends with a batch of entries.
CREATE TYPE ${schema}${prefix}dead_letter_v1 AS (
    id              text,
    trace_id        text,
    workflow        text,
    version         text,
    cause           smallint,
    failure_type    text,
    failure_message text,
    failure_detail  text,
    created_at      timestamptz,
    state           smallint,
    state_at        timestamptz,
    note            text,
    replay          text,
    replay_until    timestamptz,
    revision        bigint
);

CREATE VIEW ${schema}${prefix}dead_letter_readable AS
SELECT
    id,
    trace_id,
    workflow,
    version,
    (ARRAY['FAULT', 'TIMED_OUT', 'RECOVERY', 'DELIVERY'])[cause] AS cause,
    (ARRAY['PENDING', 'REPLAYING', 'REPLAYED', 'RESOLVED'])[state] AS state,
    failure_type AS failure,
    failure_message AS message,
    note,
    replay,
    created_at,
    state_at,
    replay_until
FROM ${schema}${prefix}dead_letter;
