-- What the labels of fuzzy hits have proven: a row for each route (partition is empty) and for each of its partitions, in one epoch of what
-- decides a hit. A row of an epoch that is over stays: who goes back to its settings goes back to its shut-offs too. Times are Unix
-- milliseconds, UTC.
CREATE TABLE semantic_proofs (
    route     TEXT    NOT NULL,
    epoch     TEXT    NOT NULL,
    partition TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    tally     TEXT    NOT NULL,
    saved_at  INTEGER NOT NULL,
    PRIMARY KEY (route, epoch, partition)
) WITHOUT ROWID;
