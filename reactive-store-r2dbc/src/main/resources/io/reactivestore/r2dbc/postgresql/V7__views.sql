-- Reactive Store, schema version 7, PostgreSQL 12 and later: what describes traces, and what is kept as facts, for operators.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

CREATE VIEW ${schema}${prefix}tag_readable AS
SELECT
    g.trace_id,
    t.workflow,
    t.status,
    g.name,
    g.tag_value,
    g.created_at
FROM ${schema}${prefix}tag AS g JOIN ${schema}${prefix}trace_readable AS t ON t.trace_id = g.trace_id;

-- The hash is the one that stands in the journal where an entry refers to a fact.
CREATE VIEW ${schema}${prefix}fact_readable AS
SELECT
    encode(hash, 'hex') AS sha256,
    media_type,
    octet_length(content) AS size,
    ${schema}${prefix}readable(content) AS content,
    touched_at
FROM ${schema}${prefix}fact;

CREATE VIEW ${schema}${prefix}fact_reference_readable AS
SELECT
    trace_id,
    encode(fact_hash, 'hex') AS sha256,
    noted_at,
    settled
FROM ${schema}${prefix}fact_reference;
