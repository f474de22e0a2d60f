-- Who asks for which account, to find requests of one kind; and when they were answered, to
-- measure waiting times. Both stand in `state` too; here they are searched by.
ALTER TABLE tickets ADD COLUMN author BIGINT;
ALTER TABLE tickets ADD COLUMN account TEXT;
ALTER TABLE tickets ADD COLUMN opened_at BIGINT;
ALTER TABLE tickets ADD COLUMN answered_at BIGINT;
ALTER TABLE tickets ADD COLUMN closed_at BIGINT;

UPDATE tickets SET
    author = json_extract(state, '$.requester.id'),
    account = lower(trim(json_extract(state, '$.reading.username'))),
    opened_at = CAST(unixepoch(json_extract(state, '$.opened_at')) AS BIGINT) * 1000000,
    answered_at = CAST(unixepoch(json_extract(state, '$.answered_at')) AS BIGINT) * 1000000;

CREATE INDEX tickets_by_author ON tickets (repository, author) WHERE author IS NOT NULL;
CREATE INDEX tickets_by_account ON tickets (repository, account) WHERE account IS NOT NULL;
CREATE INDEX tickets_answered ON tickets (repository, answered_at) WHERE answered_at IS NOT NULL;
