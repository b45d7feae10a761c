-- Reactive Store, schema version 4, H2 2.3 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- The outbox: what endpoints are to be told. Where an endpoint is, and its secret, are not here.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}delivery (
    id         varchar(255) NOT NULL PRIMARY KEY,
    trace_id   varchar(255) NOT NULL,
    workflow   varchar(255) NOT NULL,
    version    varchar(100) NOT NULL,
    endpoint   varchar(255) NOT NULL,
    event      varchar(255) NOT NULL,
    media_type varchar(127) NOT NULL,
    body_hash  varbinary(32) NOT NULL,
    body       blob NOT NULL,
    created_at timestamp(6) with time zone NOT NULL,
    state      smallint NOT NULL,
    attempts   integer NOT NULL,
    due_at     timestamp(6) with time zone,
    revision   bigint NOT NULL
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}delivery_due ON ${schema}${prefix}delivery (state, due_at);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}delivery_trace ON ${schema}${prefix}delivery (trace_id, created_at, id);

-- What each attempt came to.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}delivery_attempt (
    delivery_id varchar(255) NOT NULL,
    number      bigint NOT NULL,
    at          timestamp(6) with time zone NOT NULL,
    status      integer,
    error       varchar(255),
    took_millis bigint NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

CREATE OR REPLACE VIEW ${schema}${prefix}delivery_readable AS
SELECT
    id,
    trace_id,
    workflow,
    endpoint,
    event,
    CASE state WHEN 1 THEN 'PENDING' WHEN 2 THEN 'DELIVERED' WHEN 3 THEN 'FAILED' END AS state,
    attempts,
    due_at,
    created_at,
    utf8tostring(body) AS body,
    version
FROM ${schema}${prefix}delivery;
