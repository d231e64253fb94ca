-- What the provider's prompt cache took off the price: cached input at the rate of other input, less at its own. In the currency of the row and
-- written as cost is. NULL where that is not known: in rows from before this script, in unpriced rows and in those of an interrupted attempt.
ALTER TABLE ledger ADD COLUMN cache_saving TEXT;
ALTER TABLE ledger ADD COLUMN cache_saving_nano INTEGER GENERATED ALWAYS AS (CAST(REPLACE(cache_saving, '.', '') AS INTEGER)) VIRTUAL;
