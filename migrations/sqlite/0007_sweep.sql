-- How far GitHub was asked for what never came: up to then everything was taken.
CREATE TABLE sweeps (
    name TEXT   PRIMARY KEY, -- webhooks | issues:<repository>
    at   BIGINT NOT NULL
) WITHOUT ROWID;
