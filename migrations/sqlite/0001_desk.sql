-- The desk's memory. Times are microseconds since 1970; JSON is text.

-- What GitHub sent, and what the clock rings. The id and the GUID stay for good, so that nothing
-- is taken twice; the text goes as soon as it was decided on.
CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY,
    guid         TEXT    NOT NULL UNIQUE,
    event        TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    received_at  BIGINT  NOT NULL,
    body         TEXT,
    state        TEXT    NOT NULL DEFAULT 'waiting', -- waiting | done | set_aside
    urgency      SMALLINT NOT NULL DEFAULT 0,        -- 0 people wait for it, 1 the clock's
    due_at       BIGINT  NOT NULL,
    leased_until BIGINT  NOT NULL DEFAULT 0,
    attempts     BIGINT  NOT NULL DEFAULT 0,
    problem      TEXT
);
CREATE INDEX deliveries_waiting ON deliveries (urgency, id) WHERE state = 'waiting';
CREATE INDEX deliveries_subject ON deliveries (subject) WHERE state = 'waiting';
CREATE INDEX deliveries_set_aside ON deliveries (id) WHERE state = 'set_aside';

-- One repository each.
CREATE TABLE desks (
    repository BIGINT PRIMARY KEY,
    full_name  TEXT   NOT NULL,
    state      TEXT   NOT NULL
);
CREATE INDEX desks_by_name ON desks (full_name);

-- One request each. The columns beside `state` are what is searched by.
CREATE TABLE tickets (
    issue      BIGINT PRIMARY KEY,
    repository BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    is_open    SMALLINT NOT NULL,
    turn       TEXT   NOT NULL,
    turn_since BIGINT NOT NULL,
    wake_at    BIGINT,
    policy     TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    state      TEXT   NOT NULL
);
CREATE INDEX tickets_by_number ON tickets (repository, number);
CREATE INDEX tickets_waking ON tickets (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX tickets_open ON tickets (turn, turn_since) WHERE is_open = 1;

-- Events that were applied, by GitHub's own ids.
CREATE TABLE events (
    event_key TEXT   PRIMARY KEY,
    issue     BIGINT NOT NULL
) WITHOUT ROWID;

-- What happened to a ticket, and why.
CREATE TABLE history (
    id        INTEGER PRIMARY KEY,
    issue     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    event_key TEXT   NOT NULL,
    reason    TEXT   NOT NULL
);
CREATE INDEX history_by_issue ON history (issue, id);

-- What is to be done on GitHub. Actions of one issue run in the order of their ids.
CREATE TABLE actions (
    id           INTEGER PRIMARY KEY,
    action_key   TEXT   NOT NULL UNIQUE,
    issue        BIGINT NOT NULL,
    repository   BIGINT NOT NULL,
    installation BIGINT NOT NULL,                   -- 0 in token mode
    kind         TEXT   NOT NULL,
    action       TEXT,
    urgency      SMALLINT NOT NULL DEFAULT 0,
    state        TEXT   NOT NULL DEFAULT 'waiting', -- waiting | done | given_up | observed
    due_at       BIGINT NOT NULL,
    leased_until BIGINT NOT NULL DEFAULT 0,
    attempts     BIGINT NOT NULL DEFAULT 0,
    must_look    SMALLINT NOT NULL DEFAULT 0,       -- an attempt may have succeeded
    planned_at   BIGINT NOT NULL,
    outcome      TEXT
);
CREATE INDEX actions_waiting ON actions (urgency, id) WHERE state = 'waiting';
CREATE INDEX actions_of_issue ON actions (issue, id) WHERE state = 'waiting';
CREATE INDEX actions_by_issue ON actions (issue, id);

-- Comments of ours, so that a later action can change them and their echo is known.
CREATE TABLE comments (
    issue   BIGINT NOT NULL,
    marker  TEXT   NOT NULL,
    comment BIGINT NOT NULL,
    PRIMARY KEY (issue, marker)
) WITHOUT ROWID;
CREATE INDEX comments_by_id ON comments (comment);

-- Content-creating writes of the last hour, by installation (0 in token mode).
CREATE TABLE writes (
    installation BIGINT NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX writes_by_time ON writes (installation, at);

-- Until when GitHub asked an installation to wait.
CREATE TABLE pauses (
    installation BIGINT PRIMARY KEY,
    until        BIGINT NOT NULL
);
