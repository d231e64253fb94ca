-- What answers from caches saved: rows with cause 'cache' bought nothing, and have in cache_saving what their answer had cost the first time, and in
-- units the tokens and milliseconds that it had taken. cache_saving here is of the other rows alone: what providers' prompt caches took off.
-- A node of the version before adds up rows without these columns, and has no such answers.
ALTER TABLE ledger_hourly
  ADD COLUMN saved_input_tokens  bigint NOT NULL DEFAULT 0,
  ADD COLUMN saved_output_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN saved_ms            bigint NOT NULL DEFAULT 0,
  ADD COLUMN answers_saved       numeric(38, 9);
