-- How long people waited, counted by whole hours in the month (UTC) in which the waiting ended, so
-- that nobody has to go through all tickets for it. Kept in the commit that saves the ticket.
CREATE TABLE waits (
    repository BIGINT NOT NULL,
    measure    TEXT   NOT NULL, -- first_reply | resolution
    month      BIGINT NOT NULL, -- 202611
    hours      BIGINT NOT NULL, -- rounded up, ten years at most
    count      BIGINT NOT NULL,
    PRIMARY KEY (repository, measure, month, hours)
) WITHOUT ROWID;

INSERT INTO waits (repository, measure, month, hours, count)
    SELECT repository, measure, CAST(strftime('%Y%m', ended_at / 1000000, 'unixepoch') AS BIGINT),
           min((max(ended_at - opened_at, 0) + 3599999999) / 3600000000, 87600), count(*)
    FROM (
        SELECT repository, 'first_reply' AS measure, opened_at, answered_at AS ended_at FROM tickets
        UNION ALL SELECT repository, 'resolution', opened_at, closed_at FROM tickets)
    WHERE opened_at IS NOT NULL AND ended_at IS NOT NULL
    GROUP BY 1, 2, 3, 4;

-- What digests and charts count. No words of people are among it.
CREATE TABLE moments (
    id         INTEGER PRIMARY KEY,
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    issue      BIGINT NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX moments_by_time ON moments (repository, at);

INSERT INTO moments (repository, at, kind, issue, detail)
    SELECT repository, opened_at, 'opened', issue, '' FROM tickets WHERE opened_at IS NOT NULL
    UNION ALL SELECT repository, answered_at, 'answered', issue, '' FROM tickets WHERE answered_at IS NOT NULL
    UNION ALL SELECT repository, closed_at, 'closed', issue, '' FROM tickets WHERE closed_at IS NOT NULL
    UNION ALL SELECT repository, closed_at, 'recovered', issue, '' FROM tickets
        WHERE closed_at IS NOT NULL AND json_extract(state, '$.stage') = 'recovered'
    UNION ALL SELECT repository, closed_at, 'deflected', issue, '' FROM tickets
        WHERE closed_at IS NOT NULL AND json_extract(state, '$.stage') = 'resolved';

-- When a desk's next digest is due; the clock rings it as it rings tickets.
ALTER TABLE desks ADD COLUMN digest_at BIGINT;
CREATE INDEX desks_digest ON desks (digest_at) WHERE digest_at IS NOT NULL;

-- The last digests of each desk, for people to look at.
CREATE TABLE digests (
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (repository, at)
) WITHOUT ROWID;

-- What a digest tells beside: what was given up, and which actions are of no issue.
CREATE INDEX actions_given_up ON actions (repository, planned_at) WHERE state = 'given_up';
