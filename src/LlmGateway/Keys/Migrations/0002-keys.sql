-- Times are Unix milliseconds, UTC. Secrets are here only as keyed hashes.
CREATE TABLE virtual_keys (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    tenant     TEXT    NOT NULL,
    project    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    routes     TEXT    NOT NULL,
    tags       TEXT    NOT NULL,
    enabled    INTEGER NOT NULL,
    hint       TEXT    NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    rotated_at INTEGER,
    revoked_at INTEGER
);

-- The name of a revoked key may be given again.
CREATE UNIQUE INDEX virtual_keys_name ON virtual_keys (tenant, project, name) WHERE revoked_at IS NULL;

-- The current secret of a key has no end; during a rotation's grace the one before has.
CREATE TABLE key_secrets (
    hash        BLOB    NOT NULL PRIMARY KEY,
    key_id      TEXT    NOT NULL REFERENCES virtual_keys (id),
    created_at  INTEGER NOT NULL,
    valid_until INTEGER
) WITHOUT ROWID;

CREATE INDEX key_secrets_key ON key_secrets (key_id);

-- Counts changes to the two tables above, so that a process that only polls need not read them.
CREATE TABLE key_version (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
);

INSERT INTO key_version (id, version) VALUES (1, 1);

CREATE TABLE admin_audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL
);

CREATE INDEX admin_audit_subject ON admin_audit (subject, at);
