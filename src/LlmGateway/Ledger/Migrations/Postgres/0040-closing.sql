-- Months that are closed, and corrections of them. Times are RFC 3339 in UTC as text, as in SQLite, whose statements these tables share.
-- A month is closed in two steps: from the moment that its row is there every row of the ledger that is inserted for it is marked as late, and after
-- that the totals and the digest of the others follow. So a close that was broken off goes on with the same rows.
CREATE TABLE ledger_periods (
  period    text   NOT NULL PRIMARY KEY,
  closed_at text   NOT NULL,
  closed_by text   NOT NULL,
  forced    bigint NOT NULL,
  last_id   bigint NOT NULL,
  checked   text,
  row_count bigint,
  totals    text,
  digest    text
);

-- What was booked under a reference, once: a correction, or a re-rating with all of its corrections.
CREATE TABLE ledger_bookings (
  reference text NOT NULL PRIMARY KEY,
  kind      text NOT NULL,
  request   text NOT NULL,
  answer    text,
  booked_at text NOT NULL,
  booked_by text NOT NULL
);

-- The corrections as they were asked for. Each is a row of the ledger as well: cause 'correction', the number as its attempt.
CREATE TABLE ledger_corrections (
  sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference    text   NOT NULL,
  number       bigint NOT NULL,
  kind         text   NOT NULL,
  operation_id text   NOT NULL,
  period       text   NOT NULL,
  tenant       text,
  project      text,
  key_id       text,
  deployment   text,
  currency     text   NOT NULL,
  amount       text   NOT NULL,
  reason       text   NOT NULL,
  booked_at    text   NOT NULL,
  booked_by    text   NOT NULL,
  UNIQUE (reference, number)
);

-- The part of cost that is corrections: it is in the sums of reports and in those of no budget.
ALTER TABLE ledger_hourly ADD COLUMN corrections numeric(38, 9);

-- True for a row that came after its month was closed.
ALTER TABLE ledger ADD COLUMN late boolean;

-- What each data folder says of itself every few seconds: by its own clock, when, and since when rows of it are on their way here; NULL where none are.
-- A node that is stopped and has brought everything over takes its row away.
CREATE TABLE ledger_outboxes (
  node    text        NOT NULL PRIMARY KEY,
  seen_at timestamptz NOT NULL,
  oldest  timestamptz
);
