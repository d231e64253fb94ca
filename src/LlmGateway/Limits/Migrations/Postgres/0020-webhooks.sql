-- Which node delivers an event to a webhook. Nodes see the same event at about the same time and give it the same id; who has written it
-- here first sends it, and another does when that one is not heard of until the lease ends.
CREATE TABLE webhook_claims (
    id         TEXT        NOT NULL PRIMARY KEY,
    owner      TEXT        NOT NULL,
    until      TIMESTAMPTZ NOT NULL,
    done       BOOLEAN     NOT NULL,
    keep_until TIMESTAMPTZ
);
