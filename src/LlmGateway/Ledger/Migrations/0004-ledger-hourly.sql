-- Sums of the ledger by UTC hour, of the rows up to the id that is rolled_up in ledger_state. The hour is written as started_at is.
-- dimensions is the row's key: hour and the columns up to currency as a JSON array, since a key of columns would take NULL for unequal to NULL.
-- Money is kept in whole units and 1e-9 of them apart, NULL where no row has any.
CREATE TABLE ledger_hourly (
  dimensions          TEXT    NOT NULL PRIMARY KEY,
  hour                TEXT    NOT NULL,
  tenant              TEXT,
  project             TEXT,
  key_id              TEXT,
  route               TEXT,
  deployment          TEXT,
  provider            TEXT,
  model               TEXT,
  currency            TEXT,
  requests            INTEGER NOT NULL,
  attempts            INTEGER NOT NULL,
  errors              INTEGER NOT NULL,
  cache_hits          INTEGER NOT NULL,
  input_tokens        INTEGER NOT NULL,
  cached_input_tokens INTEGER NOT NULL,
  cache_write_tokens  INTEGER NOT NULL,
  output_tokens       INTEGER NOT NULL,
  reasoning_tokens    INTEGER NOT NULL,
  unpriced_attempts   INTEGER NOT NULL,
  estimated_attempts  INTEGER NOT NULL,
  cost_units          INTEGER,
  cost_nanos          INTEGER,
  cache_saving_units  INTEGER,
  cache_saving_nanos  INTEGER
) WITHOUT ROWID;

CREATE INDEX ledger_hourly_by_time ON ledger_hourly (hour);

-- rolled_up: the last id that the sums have. kept_from: the instant before which retention has removed rows; the sums stay.
CREATE TABLE ledger_state (
  name  TEXT NOT NULL PRIMARY KEY,
  value     NOT NULL
) WITHOUT ROWID;
