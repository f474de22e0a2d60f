-- How often something happened in a week, so that nobody has to go through all moments for it. Kept in
-- the commit that saves the moments.
CREATE TABLE weeks (
    repository BIGINT NOT NULL,
    week       BIGINT NOT NULL, -- since the first Monday of 1970
    kind       TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (repository, week, kind, detail)
);

INSERT INTO weeks (repository, week, kind, detail, count)
    SELECT repository, (at - 345600000000) / 604800000000, kind, detail, count(*)
    FROM moments GROUP BY 1, 2, 3, 4;

-- Nobody counts by it any more.
DROP INDEX moments_by_kind;
