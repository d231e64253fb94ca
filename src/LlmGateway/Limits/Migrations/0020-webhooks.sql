-- What webhooks are told. Times are Unix milliseconds, UTC. A row stays when it is delivered: its id keeps the same event from being sent
-- again. The address is not here, since those of some receivers hold a secret: hook is a digest of it.
CREATE TABLE webhook_deliveries (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    hook       TEXT    NOT NULL,
    host       TEXT    NOT NULL,
    type       TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    payload    TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    status     INTEGER,
    error      TEXT,
    created_at INTEGER NOT NULL,
    next_at    INTEGER,
    keep_until INTEGER
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'pending';
