-- The desk's memory, as the first eight steps for SQLite leave it; what the tables and columns are
-- for is said there. Times are microseconds since 1970; JSON is text.

CREATE TABLE deliveries (
    id           BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guid         TEXT     NOT NULL UNIQUE,
    event        TEXT     NOT NULL,
    subject      TEXT     NOT NULL,
    received_at  BIGINT   NOT NULL,
    body         TEXT,
    state        TEXT     NOT NULL DEFAULT 'waiting',
    urgency      SMALLINT NOT NULL DEFAULT 0,
    due_at       BIGINT   NOT NULL,
    leased_until BIGINT   NOT NULL DEFAULT 0,
    attempts     BIGINT   NOT NULL DEFAULT 0,
    problem      TEXT,
    claim        BIGINT   NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_waiting ON deliveries (urgency, id) WHERE state = 'waiting';
CREATE INDEX deliveries_subject ON deliveries (subject) WHERE state = 'waiting';
CREATE INDEX deliveries_set_aside ON deliveries (id) WHERE state = 'set_aside';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';

CREATE TABLE desks (
    repository BIGINT PRIMARY KEY,
    full_name  TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    late_at    BIGINT,
    digest_at  BIGINT
);
CREATE INDEX desks_by_name ON desks (lower(full_name));
CREATE INDEX desks_late ON desks (late_at) WHERE late_at IS NOT NULL;
CREATE INDEX desks_digest ON desks (digest_at) WHERE digest_at IS NOT NULL;

CREATE TABLE tickets (
    issue       BIGINT   PRIMARY KEY,
    repository  BIGINT   NOT NULL,
    number      BIGINT   NOT NULL,
    is_open     SMALLINT NOT NULL,
    turn        TEXT     NOT NULL,
    turn_since  BIGINT   NOT NULL,
    wake_at     BIGINT,
    policy      TEXT     NOT NULL,
    version     BIGINT   NOT NULL,
    state       TEXT     NOT NULL,
    author      BIGINT,
    account     TEXT,
    opened_at   BIGINT,
    answered_at BIGINT,
    closed_at   BIGINT,
    late_since  BIGINT
);
CREATE INDEX tickets_by_number ON tickets (repository, number);
CREATE INDEX tickets_waking ON tickets (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX tickets_open ON tickets (repository, turn, turn_since) WHERE is_open = 1;
CREATE INDEX tickets_by_author ON tickets (repository, author) WHERE author IS NOT NULL;
CREATE INDEX tickets_by_account ON tickets (repository, account) WHERE account IS NOT NULL;
CREATE INDEX tickets_answered ON tickets (repository, answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX tickets_late ON tickets (repository, late_since) WHERE late_since IS NOT NULL;

CREATE TABLE events (
    event_key TEXT   PRIMARY KEY,
    issue     BIGINT NOT NULL
);

CREATE TABLE history (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    event_key TEXT   NOT NULL,
    reason    TEXT   NOT NULL
);
CREATE INDEX history_by_issue ON history (issue, id);

CREATE TABLE actions (
    id           BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action_key   TEXT     NOT NULL UNIQUE,
    issue        BIGINT   NOT NULL,
    repository   BIGINT   NOT NULL,
    installation BIGINT   NOT NULL,
    kind         TEXT     NOT NULL,
    action       TEXT,
    urgency      SMALLINT NOT NULL DEFAULT 0,
    state        TEXT     NOT NULL DEFAULT 'waiting',
    due_at       BIGINT   NOT NULL,
    leased_until BIGINT   NOT NULL DEFAULT 0,
    attempts     BIGINT   NOT NULL DEFAULT 0,
    must_look    SMALLINT NOT NULL DEFAULT 0,
    planned_at   BIGINT   NOT NULL,
    outcome      TEXT,
    is_content   SMALLINT NOT NULL DEFAULT 1,
    claim        BIGINT   NOT NULL DEFAULT 0
);
CREATE INDEX actions_waiting ON actions (urgency, id) WHERE state = 'waiting';
CREATE INDEX actions_of_issue ON actions (issue, id) WHERE state = 'waiting';
CREATE INDEX actions_by_issue ON actions (issue, id);
CREATE INDEX actions_due ON actions (due_at) WHERE state = 'waiting';
CREATE INDEX actions_given_up ON actions (repository, planned_at) WHERE state = 'given_up';

CREATE TABLE comments (
    issue   BIGINT NOT NULL,
    marker  TEXT   NOT NULL,
    comment BIGINT NOT NULL,
    PRIMARY KEY (issue, marker)
);
CREATE INDEX comments_by_id ON comments (comment);

CREATE TABLE requests (
    installation BIGINT   NOT NULL,
    at           BIGINT   NOT NULL,
    points       SMALLINT NOT NULL,
    is_content   SMALLINT NOT NULL,
    is_bulk      SMALLINT NOT NULL,
    action       BIGINT   NOT NULL
);
CREATE INDEX requests_by_time ON requests (installation, at, points);
CREATE INDEX requests_of_content ON requests (installation, at) WHERE is_content = 1;
CREATE INDEX requests_of_bulk ON requests (installation, at) WHERE is_bulk = 1;
CREATE INDEX requests_under_way ON requests (action) WHERE action <> 0;

CREATE TABLE pauses (
    installation BIGINT NOT NULL,
    scope        TEXT   NOT NULL,
    until        BIGINT NOT NULL,
    PRIMARY KEY (installation, scope)
);

CREATE TABLE late_rings (
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX late_rings_by_time ON late_rings (repository, at);

CREATE TABLE waits (
    repository BIGINT NOT NULL,
    measure    TEXT   NOT NULL,
    month      BIGINT NOT NULL,
    hours      BIGINT NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (repository, measure, month, hours)
);

CREATE TABLE moments (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    issue      BIGINT NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX moments_by_time ON moments (repository, at);

CREATE TABLE digests (
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (repository, at)
);

CREATE TABLE imported_pages (
    repository BIGINT NOT NULL,
    path       TEXT   NOT NULL,
    etag       TEXT,
    next       TEXT,
    since      BIGINT,
    PRIMARY KEY (repository, path)
);

CREATE TABLE imported_texts (
    repository BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    id         BIGINT NOT NULL,
    page       TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (repository, kind, number, id)
);

CREATE TABLE sweeps (
    name TEXT   PRIMARY KEY,
    at   BIGINT NOT NULL
);

CREATE TABLE duties (
    name   TEXT   PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);
