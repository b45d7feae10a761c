-- Reactive Store, schema version 3, H2 2.3 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- What failed for good. The id of what is about a trace is the id of the trace, so that no trace has two.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}dead_letter (
    id              varchar(255) NOT NULL PRIMARY KEY,
    trace_id        varchar(255) NOT NULL,
    workflow        varchar(255) NOT NULL,
    version         varchar(100) NOT NULL,
    cause           smallint NOT NULL,
    failure_type    varchar(1000),
    failure_message varchar(8000),
    failure_detail  varchar(8000),
    created_at      timestamp(6) with time zone NOT NULL,
    state           smallint NOT NULL,
    state_at        timestamp(6) with time zone NOT NULL,
    note            varchar(8000),
    replay          varchar(255),
    replay_until    timestamp(6) with time zone,
    revision        bigint NOT NULL
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}dead_letter_newest ON ${schema}${prefix}dead_letter (created_at DESC, id DESC);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}dead_letter_state
    ON ${schema}${prefix}dead_letter (state, created_at DESC, id DESC);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}dead_letter_trace ON ${schema}${prefix}dead_letter (trace_id);

CREATE OR REPLACE VIEW ${schema}${prefix}dead_letter_readable AS
SELECT
    id,
    trace_id,
    workflow,
    version,
    CASE cause WHEN 1 THEN 'FAULT' WHEN 2 THEN 'TIMED_OUT' WHEN 3 THEN 'RECOVERY' WHEN 4 THEN 'DELIVERY' END AS cause,
    CASE state WHEN 1 THEN 'PENDING' WHEN 2 THEN 'REPLAYING' WHEN 3 THEN 'REPLAYED' WHEN 4 THEN 'RESOLVED' END AS state,
    failure_type AS failure,
    failure_message AS message,
    note,
    replay,
    created_at,
    state_at,
    replay_until
FROM ${schema}${prefix}dead_letter;
