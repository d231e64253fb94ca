-- What was made at run time beside keys: tenants, projects, budgets and limits. Settings are the JSON that was sent, checked. Columns
-- that a kind does not have are empty, not NULL, so that the name is unique: of a limit it is the route.
CREATE TABLE stored_state (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    project    TEXT    NOT NULL,
    key_id     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    settings   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, id),
    UNIQUE (kind, tenant, project, key_id, name)
);

-- The settings after a change of the table above.
ALTER TABLE admin_audit ADD COLUMN details TEXT;
