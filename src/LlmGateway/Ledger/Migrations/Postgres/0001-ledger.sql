-- The ledger of all nodes: one row for each attempt, never changed afterwards. The columns are those of SQLite, in PostgreSQL's types.
-- Partitions by UTC day, ledger_YYYYMMDD, are made by the gateway; what has none goes to ledger_default.
CREATE TABLE ledger (
  operation_id        uuid           NOT NULL,
  attempt             integer        NOT NULL,
  cause               text           NOT NULL,
  tenant              text,
  project             text,
  key_id              text,
  user_id             text,
  tags                jsonb          NOT NULL,
  dialect             text           NOT NULL,
  endpoint            text           NOT NULL,
  route               text,
  deployment          text,
  provider            text,
  model_asked         text,
  model_answered      text,
  stream              boolean        NOT NULL,
  started_at          timestamptz    NOT NULL,
  first_event_at      timestamptz,
  finished_at         timestamptz    NOT NULL,
  status              integer,
  error_class         text,
  finish_reason       text,
  input_tokens        bigint,
  cached_input_tokens bigint,
  cache_write_tokens  bigint,
  output_tokens       bigint,
  reasoning_tokens    bigint,
  units               jsonb,
  usage_source        text           NOT NULL,
  currency            text,
  cost                numeric(38, 9),
  price_ref           text,
  price_status        text           NOT NULL,
  cache_status        text           NOT NULL,
  node                text           NOT NULL,
  schema              integer        NOT NULL,
  request_id          text,
  cache_saving        numeric(38, 9),
  PRIMARY KEY (operation_id, attempt, started_at)
) PARTITION BY RANGE (started_at);

CREATE TABLE ledger_default PARTITION OF ledger DEFAULT;

-- Sums of the ledger by UTC hour, changed in the transaction that inserts the rows. A node changes only its own, so that nodes do not wait for one another.
-- cost and cache_saving are NULL where no row has one.
CREATE TABLE ledger_hourly (
  hour                timestamptz    NOT NULL,
  node                text           NOT NULL,
  tenant              text,
  project             text,
  key_id              text,
  route               text,
  deployment          text,
  provider            text,
  model               text,
  currency            text,
  requests            bigint         NOT NULL,
  attempts            bigint         NOT NULL,
  errors              bigint         NOT NULL,
  cache_hits          bigint         NOT NULL,
  input_tokens        bigint         NOT NULL,
  cached_input_tokens bigint         NOT NULL,
  cache_write_tokens  bigint         NOT NULL,
  output_tokens       bigint         NOT NULL,
  reasoning_tokens    bigint         NOT NULL,
  unpriced_attempts   bigint         NOT NULL,
  estimated_attempts  bigint         NOT NULL,
  cost                numeric(38, 9),
  cache_saving        numeric(38, 9),
  UNIQUE NULLS NOT DISTINCT (hour, node, tenant, project, key_id, route, deployment, provider, model, currency)
);

-- What the service knows of the ledger: kept_from, the instant before which retention has removed rows.
CREATE TABLE ledger_state (
  name  text PRIMARY KEY,
  value text NOT NULL
);
