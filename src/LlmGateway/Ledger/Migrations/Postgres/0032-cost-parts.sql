-- What of a cost is for which kind of tokens, in 1e-9 of the currency, as a JSON array: input that came from no cache, cached input, cache write,
-- output with reasoning, and what is not counted in tokens. The parts add up to the cost. NULL where it is not known, as in rows of a node of the
-- version before, which goes on writing beside this one.
ALTER TABLE ledger ADD COLUMN cost_parts jsonb;

-- Their sums, and how many tokens of each kind they were for. Rows without parts add nothing, so that what these leave of the cost is theirs.
ALTER TABLE ledger_hourly
  ADD COLUMN input_cost_nanos          bigint NOT NULL DEFAULT 0,
  ADD COLUMN cached_input_cost_nanos   bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_write_cost_nanos    bigint NOT NULL DEFAULT 0,
  ADD COLUMN output_cost_nanos         bigint NOT NULL DEFAULT 0,
  ADD COLUMN other_cost_nanos          bigint NOT NULL DEFAULT 0,
  ADD COLUMN split_input_tokens        bigint NOT NULL DEFAULT 0,
  ADD COLUMN split_cached_input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN split_cache_write_tokens  bigint NOT NULL DEFAULT 0,
  ADD COLUMN split_output_tokens       bigint NOT NULL DEFAULT 0,
  ADD COLUMN split_requests            bigint NOT NULL DEFAULT 0;
