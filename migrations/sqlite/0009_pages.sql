-- Who is signed in to the staff pages. The cookie's secret is not here, only its SHA-256; and
-- nothing that opens anything on GitHub.
CREATE TABLE sessions (
    id         TEXT     PRIMARY KEY, -- SHA-256 of the cookie's secret, hex
    person     BIGINT   NOT NULL,    -- GitHub's number; 0 is the operator of this machine
    login      TEXT     NOT NULL,
    created_at BIGINT   NOT NULL,
    seen_at    BIGINT   NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_age ON sessions (created_at);
