-- Plans of a day: every one that was proposed, with all that is needed to work it out again; warnings that a target is
-- about to be missed; and what one dispatcher tells the next.

CREATE TABLE dispatch_plans (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- NULL: the whole city.
    district_id     BIGINT,
    -- asked, repair, by-hand
    kind            TEXT   NOT NULL,
    -- proposed, published, refused, outdated
    state           TEXT   NOT NULL,
    made_at         BIGINT NOT NULL,
    made_by         TEXT   NOT NULL,
    -- The search is the same again for the same seed and number of steps.
    seed            BIGINT NOT NULL,
    steps           BIGINT NOT NULL,
    cost_before     BIGINT NOT NULL,
    cost_after      BIGINT NOT NULL,
    -- What changes, in numbers and orders, as JSON.
    difference      TEXT   NOT NULL,
    -- The problem and the plan that crews held, as JSON; emptied after some weeks.
    posed           TEXT   NOT NULL,
    -- The plan itself, as JSON.
    plan            TEXT   NOT NULL,
    decided_at      BIGINT,
    decided_by      TEXT,
    words           TEXT   NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX dispatch_plans_proposed ON dispatch_plans (jurisdiction_id, district_id, id) WHERE state = 'proposed';
CREATE INDEX dispatch_plans_by_district ON dispatch_plans (jurisdiction_id, district_id, id);

-- Districts (0: the whole city) in which a repair that takes nothing from anybody is published without being asked.
CREATE TABLE dispatch_desks (
    jurisdiction_id BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    by_itself       BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, district_id)
) /*sqlite WITHOUT ROWID*/;

-- A target is about to be missed, or was.
CREATE TABLE dispatch_alarms (
    jurisdiction_id BIGINT NOT NULL,
    order_id        BIGINT NOT NULL,
    -- soon, missed
    level           TEXT   NOT NULL,
    district_id     BIGINT,
    at              BIGINT NOT NULL,
    -- Whoever said that they saw it.
    seen_by         BIGINT,
    seen_at         BIGINT,
    PRIMARY KEY (jurisdiction_id, order_id, level)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX dispatch_alarms_open ON dispatch_alarms (jurisdiction_id, at) WHERE seen_at IS NULL;

CREATE TABLE dispatch_handovers (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    district_id     BIGINT,
    at              BIGINT NOT NULL,
    account_id      BIGINT,
    words           TEXT   NOT NULL,
    -- How things stood, as JSON.
    standing        TEXT   NOT NULL,
    taken_by        BIGINT,
    taken_at        BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX dispatch_handovers_by_district ON dispatch_handovers (jurisdiction_id, district_id, id);
