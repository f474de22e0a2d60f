-- Scripts come in by these. A token itself is not here, only its SHA-256; it may do what its maker
-- may do, which GitHub is asked for.
CREATE TABLE tokens (
    id         TEXT     PRIMARY KEY, -- SHA-256 of the token, hex
    person     BIGINT   NOT NULL,    -- GitHub's number; 0 is the operator of this machine
    login      TEXT     NOT NULL,
    name       TEXT     NOT NULL,
    created_at BIGINT   NOT NULL,
    used_at    BIGINT
);
CREATE INDEX tokens_by_person ON tokens (person);

-- Charts count moments by kind and week out of the index alone.
CREATE INDEX moments_by_kind ON moments (repository, kind, at);
