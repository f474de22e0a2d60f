-- Requests of the last hour, by installation (0 in token mode): at what moment GitHub can have seen
-- them at the latest, what they cost, and the action whose end settles that moment (0 for none).
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
INSERT INTO requests SELECT installation, at, 5, 1, 0, 0 FROM writes;
DROP TABLE writes;

-- Until when something of an installation waits: all requests, those that create content, or those
-- nobody waits for.
DROP TABLE pauses;
CREATE TABLE pauses (
    installation BIGINT NOT NULL,
    scope        TEXT   NOT NULL, -- all | content | bulk
    until        BIGINT NOT NULL,
    PRIMARY KEY (installation, scope)
) WITHOUT ROWID;

ALTER TABLE actions ADD COLUMN is_content SMALLINT NOT NULL DEFAULT 1;
