-- Alarms that ring more than an hour late wait here, so that a new rule that meets an old tracker
-- does not speak to hundreds of people at once.
ALTER TABLE tickets ADD COLUMN late_since BIGINT; -- when it should have rung
CREATE INDEX tickets_late ON tickets (repository, late_since) WHERE late_since IS NOT NULL;
ALTER TABLE desks ADD COLUMN late_at BIGINT;      -- when the next of them may ring; none while none waits
CREATE INDEX desks_late ON desks (late_at) WHERE late_at IS NOT NULL;

-- Late alarms that rang in the last hour.
CREATE TABLE late_rings (
    repository BIGINT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX late_rings_by_time ON late_rings (repository, at);

-- When the next of what waits is due is asked at each turn of the clock.
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX actions_due ON actions (due_at) WHERE state = 'waiting';

-- The open tickets of one desk are looked for more often than those of all.
DROP INDEX tickets_open;
CREATE INDEX tickets_open ON tickets (repository, turn, turn_since) WHERE is_open = 1;
