-- Months that are closed, and corrections of them. Times are RFC 3339 in UTC, amounts have nine decimals, as in the ledger.
-- A month is closed in two steps: its row says which rows of the ledger count (those up to last_id; what comes behind is late), and after that the
-- totals and the digest of just these rows follow. So a close that was broken off goes on with the same rows.
CREATE TABLE ledger_periods (
  period    TEXT    NOT NULL PRIMARY KEY,
  closed_at TEXT    NOT NULL,
  closed_by TEXT    NOT NULL,
  forced    INTEGER NOT NULL,
  last_id   INTEGER NOT NULL,
  checked   TEXT,
  row_count INTEGER,
  totals    TEXT,
  digest    TEXT
) WITHOUT ROWID;

-- What was booked under a reference, once: a correction, or a re-rating with all of its corrections.
CREATE TABLE ledger_bookings (
  reference TEXT NOT NULL PRIMARY KEY,
  kind      TEXT NOT NULL,
  request   TEXT NOT NULL,
  answer    TEXT,
  booked_at TEXT NOT NULL,
  booked_by TEXT NOT NULL
) WITHOUT ROWID;

-- The corrections as they were asked for. Each is a row of the ledger as well: cause 'correction', the number as its attempt.
CREATE TABLE ledger_corrections (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  reference    TEXT    NOT NULL,
  number       INTEGER NOT NULL,
  kind         TEXT    NOT NULL,
  operation_id TEXT    NOT NULL,
  period       TEXT    NOT NULL,
  tenant       TEXT,
  project      TEXT,
  key_id       TEXT,
  deployment   TEXT,
  currency     TEXT    NOT NULL,
  amount       TEXT    NOT NULL,
  reason       TEXT    NOT NULL,
  booked_at    TEXT    NOT NULL,
  booked_by    TEXT    NOT NULL,
  UNIQUE (reference, number)
);

-- The part of cost that is corrections: it is in the sums of reports and in those of no budget.
ALTER TABLE ledger_hourly ADD COLUMN corrections_units INTEGER;
ALTER TABLE ledger_hourly ADD COLUMN corrections_nanos INTEGER;
