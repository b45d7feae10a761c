-- Reactive Store, schema version 4, PostgreSQL 12 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- The outbox: what endpoints are to be told. Where an endpoint is, and its secret, are not here.
CREATE TABLE ${schema}${prefix}delivery (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    trace_id   text COLLATE "C" NOT NULL,
    workflow   text NOT NULL,
    version    text NOT NULL,
    endpoint   text NOT NULL,
    event      text NOT NULL,
    media_type text NOT NULL,
    body_hash  bytea NOT NULL,
    body       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    state      smallint NOT NULL,
    attempts   integer NOT NULL,
    due_at     timestamptz,
    revision   bigint NOT NULL
);

-- As for payloads in the journal.
DO $$
BEGIN
    EXECUTE 'ALTER TABLE ${schema}${prefix}delivery ALTER COLUMN body SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported THEN
    NULL;
END
$$;

CREATE INDEX ${prefix}delivery_due ON ${schema}${prefix}delivery (endpoint, due_at) WHERE state = 1;
CREATE INDEX ${prefix}delivery_trace ON ${schema}${prefix}delivery (trace_id, created_at, id);

-- What each attempt came to.
CREATE TABLE ${schema}${prefix}delivery_attempt (
    delivery_id text COLLATE "C" NOT NULL,
    number      bigint NOT NULL,
    at          timestamptz NOT NULL,
    status      integer,
    error       text,
    took_millis bigint NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

-- What the library sends with a batch of entries.
CREATE TYPE ${schema}${prefix}delivery_v1 AS (
    id         text,
    trace_id   text,
    workflow   text,
    version    text,
    endpoint   text,
    event      text,
    media_type text,
    body_hash  bytea,
    body       bytea,
    created_at timestamptz,
    state      smallint,
    attempts   integer,
    due_at     timestamptz,
    revision   bigint
);

CREATE VIEW ${schema}${prefix}delivery_readable AS
SELECT
    id,
    trace_id,
    workflow,
    endpoint,
    event,
    (ARRAY['PENDING', 'DELIVERED', 'FAILED'])[state] AS state,
    attempts,
    due_at,
    created_at,
    ${schema}${prefix}readable(body) AS body,
    version
FROM ${schema}${prefix}delivery;
