-- What answers from caches saved: rows with cause 'cache' bought nothing, and have in cache_saving what their answer had cost the first time, and in
-- units the tokens and milliseconds that it had taken. cache_saving_* here is of the other rows alone: what providers' prompt caches took off.
ALTER TABLE ledger_hourly ADD COLUMN saved_input_tokens  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_hourly ADD COLUMN saved_output_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_hourly ADD COLUMN saved_ms            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_hourly ADD COLUMN answers_saved_units INTEGER;
ALTER TABLE ledger_hourly ADD COLUMN answers_saved_nanos INTEGER;
