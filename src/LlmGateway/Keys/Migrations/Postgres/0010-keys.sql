-- Keys and what else was made at run time, shared by all nodes. Times are Unix milliseconds, UTC, as in SQLite. Secrets of keys are here
-- only as keyed hashes.
CREATE TABLE virtual_keys (
    sequence   BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    tenant     TEXT    NOT NULL,
    project    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    routes     TEXT    NOT NULL,
    tags       TEXT    NOT NULL,
    enabled    BOOLEAN NOT NULL,
    hint       TEXT    NOT NULL,
    expires_at BIGINT,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    rotated_at BIGINT,
    revoked_at BIGINT
);

-- The name of a revoked key may be given again.
CREATE UNIQUE INDEX virtual_keys_name ON virtual_keys (tenant, project, name) WHERE revoked_at IS NULL;

-- The current secret of a key has no end; during a rotation's grace the one before has.
CREATE TABLE key_secrets (
    hash        BYTEA  NOT NULL PRIMARY KEY,
    key_id      TEXT   NOT NULL REFERENCES virtual_keys (id),
    created_at  BIGINT NOT NULL,
    valid_until BIGINT
);

CREATE INDEX key_secrets_key ON key_secrets (key_id);

-- Counts changes to the tables here. Every change begins with it, so changes happen one after the other, in the order of their sequences.
CREATE TABLE key_version (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version BIGINT  NOT NULL
);

INSERT INTO key_version (id, version) VALUES (1, 1);

-- What all nodes hash keys with. The secret is NULL where it is in the environment of each node; the mark tells whether it is the same.
CREATE TABLE key_hash_secret (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    mark   BYTEA   NOT NULL,
    secret TEXT
);

CREATE TABLE admin_audit (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    details TEXT
);

CREATE INDEX admin_audit_subject ON admin_audit (subject, at);

-- Tenants, projects, budgets and limits. Columns that a kind does not have are empty: of a limit the name is the route.
CREATE TABLE stored_state (
    sequence   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    tenant     TEXT   NOT NULL,
    project    TEXT   NOT NULL,
    key_id     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    settings   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (kind, id),
    UNIQUE (kind, tenant, project, key_id, name)
);
