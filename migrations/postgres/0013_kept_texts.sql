-- Whose text is still kept, so that those to be forgotten are found without going through all.
ALTER TABLE tickets ADD COLUMN has_text SMALLINT NOT NULL DEFAULT 1;
CREATE INDEX tickets_with_text ON tickets (repository, coalesce(closed_at, turn_since))
    WHERE is_open = 0 AND has_text = 1;
