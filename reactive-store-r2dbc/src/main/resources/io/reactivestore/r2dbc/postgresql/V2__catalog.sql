-- Reactive Store, schema version 2, PostgreSQL 12 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.

-- Lists are read from the status on, with or without the workflow, newest first. Lists of all statuses merge them.
DROP INDEX ${schema}${prefix}trace_newest;

CREATE INDEX ${prefix}trace_by_status ON ${schema}${prefix}trace (status, created_at DESC, trace_id DESC);
CREATE INDEX ${prefix}trace_by_workflow ON ${schema}${prefix}trace (workflow, status, created_at DESC, trace_id DESC);

-- What describes a trace. A trace that is not described has no row here.
CREATE TABLE ${schema}${prefix}tag (
    trace_id   text COLLATE "C" NOT NULL,
    name       text NOT NULL,
    tag_value  text NOT NULL,
    created_at timestamptz NOT NULL, -- of the trace
    PRIMARY KEY (trace_id, name)
);

CREATE INDEX ${prefix}tag_by_value ON ${schema}${prefix}tag (name, tag_value, created_at DESC, trace_id DESC);
