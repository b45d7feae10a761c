-- Reactive Store, schema version 7, H2 2.3 and later: what describes traces, and what is kept as facts, for operators.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

CREATE OR REPLACE VIEW ${schema}${prefix}tag_readable AS
SELECT
    g.trace_id,
    t.workflow,
    t.status,
    g.name,
    g.tag_value,
    g.created_at
FROM ${schema}${prefix}tag AS g JOIN ${schema}${prefix}trace_readable AS t ON t.trace_id = g.trace_id;

-- The hash is the one that stands in the journal where an entry refers to a fact.
CREATE OR REPLACE VIEW ${schema}${prefix}fact_readable AS
SELECT
    LOWER(RAWTOHEX(hash)) AS sha256,
    media_type,
    OCTET_LENGTH(content) AS size,
    utf8tostring(content) AS content,
    touched_at
FROM ${schema}${prefix}fact;

CREATE OR REPLACE VIEW ${schema}${prefix}fact_reference_readable AS
SELECT
    trace_id,
    LOWER(RAWTOHEX(fact_hash)) AS sha256,
    noted_at,
    settled
FROM ${schema}${prefix}fact_reference;
