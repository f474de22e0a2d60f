-- What GitHub sent, and what is pressed on staff pages, while it waits or is set aside. A text goes as
-- soon as it was decided on. In `deliveries` it would leave holes that nothing fills, since rows stay
-- there for good.
CREATE TABLE delivery_texts (
    id   BIGINT PRIMARY KEY, -- the delivery's
    text TEXT   NOT NULL
);

-- What is left there are the few words the desk tells itself. A version that looks for all texts
-- there is stopped by the name, before it takes a delivery for an empty one.
ALTER TABLE deliveries RENAME COLUMN body TO note;

INSERT INTO delivery_texts (id, text)
    SELECT id, note FROM deliveries WHERE state IN ('waiting', 'set_aside') AND note IS NOT NULL;
UPDATE deliveries SET note = NULL WHERE state IN ('waiting', 'set_aside') AND note IS NOT NULL;
