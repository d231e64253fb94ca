-- Budgets with a tag and reports of broken hours read rows of a time: within a day's partition this leads to them. Rows come in about the order of
-- their time, so that a summary of each range of pages does, which costs the inserts next to nothing.
CREATE INDEX IF NOT EXISTS ledger_by_time ON ledger USING brin (started_at) WITH (pages_per_range = 32, autosummarize = on);
