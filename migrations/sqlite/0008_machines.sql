-- The number of a claim. Whoever ends what it claimed names it, so that nobody ends what somebody
-- else has in hand by now.
ALTER TABLE deliveries ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;
ALTER TABLE actions ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;

-- What one process does for all.
CREATE TABLE duties (
    name   TEXT   PRIMARY KEY, -- sweep
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
) WITHOUT ROWID;

-- Names are found whatever their letters' case.
DROP INDEX desks_by_name;
CREATE INDEX desks_by_name ON desks (lower(full_name));
