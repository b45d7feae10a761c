-- Reactive Store, schema version 2, H2 2.3 and later.
-- ${schema} is empty or a schema with a dot, ${prefix} stands before every name.
-- H2 commits each of these statements by itself: each can be repeated.

-- Lists are read from the status on, with or without the workflow, newest first. Lists of all statuses merge them.
DROP INDEX IF EXISTS ${schema}${prefix}trace_newest;

CREATE INDEX IF NOT EXISTS ${schema}${prefix}trace_by_status
    ON ${schema}${prefix}trace (status, created_at DESC, trace_id DESC);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}trace_by_workflow
    ON ${schema}${prefix}trace (workflow, status, created_at DESC, trace_id DESC);

-- What describes a trace. A trace that is not described has no row here.
CREATE TABLE IF NOT EXISTS ${schema}${prefix}tag (
    trace_id   varchar(255) NOT NULL,
    name       varchar(255) NOT NULL,
    tag_value  varchar(255) NOT NULL,
    created_at timestamp(6) with time zone NOT NULL,
    PRIMARY KEY (trace_id, name)
);

CREATE INDEX IF NOT EXISTS ${schema}${prefix}tag_by_value
    ON ${schema}${prefix}tag (name, tag_value, created_at DESC, trace_id DESC);
