-- What comes from the telephones of crews. Moments are milliseconds UTC.

-- The telephones, and how far their clocks are from ours.
CREATE TABLE field_devices (
    jurisdiction_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    device          TEXT   NOT NULL,
    -- What has to be added to the telephone's clock to get ours.
    ahead           BIGINT NOT NULL,
    -- The telephone's own clock at its last greeting: an older greeting that is played again teaches nothing.
    sent_at         BIGINT NOT NULL,
    seen_at         BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, account_id, device)
) /*sqlite WITHOUT ROWID*/;

-- Everything that a telephone sent, once, with what became of it. Nothing is taken out: what could not be done is kept
-- with the reason.
CREATE TABLE field_items (
    jurisdiction_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    -- Made on the telephone.
    item            TEXT   NOT NULL,
    id              BIGINT NOT NULL,
    device          TEXT   NOT NULL,
    sequence        BIGINT NOT NULL,
    -- The crew that the person was in when it came here.
    crew_id         BIGINT,
    order_id        BIGINT,
    kind            TEXT   NOT NULL,
    -- The item as it was sent, as JSON.
    content         TEXT   NOT NULL,
    -- By the telephone's clock, by ours when it came, and the moment that counts.
    device_at       BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    happened_at     BIGINT NOT NULL,
    -- Why the telephone's time was not believed; empty when it was.
    doubt           TEXT   NOT NULL,
    -- accepted, conflict, refused
    outcome         TEXT   NOT NULL,
    -- Why, or empty.
    code            TEXT   NOT NULL,
    -- A dispatcher has dealt with a conflict.
    settled_at      BIGINT,
    settled_by      BIGINT,
    PRIMARY KEY (jurisdiction_id, account_id, item)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX field_items_by_device ON field_items (jurisdiction_id, account_id, device, sequence);
CREATE INDEX field_items_by_order ON field_items (jurisdiction_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX field_items_conflicts ON field_items (jurisdiction_id, id) WHERE outcome = 'conflict' AND settled_at IS NULL;

-- A position outside the city is kept and marked: a crew may fetch something there, and a telephone may be wrong.
ALTER TABLE crew_positions ADD COLUMN is_outside BIGINT NOT NULL DEFAULT 0;
