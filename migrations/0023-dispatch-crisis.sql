-- How long ways take, which streets are closed, and crisis mode: the hours in which everybody is called.

-- The city's own speeds and what a crisis begins with, from the city pack; and speeds learnt from the trails of crews.
CREATE TABLE dispatch_rules (
    jurisdiction_id BIGINT NOT NULL,
    travel          TEXT   NOT NULL,
    crisis          TEXT   NOT NULL,
    learnt          TEXT,
    learnt_at       BIGINT,
    PRIMARY KEY (jurisdiction_id)
) /*sqlite WITHOUT ROWID*/;

-- Nobody drives through here for a while: a fallen tree, deep water, a market day.
CREATE TABLE road_closures (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    metres          BIGINT NOT NULL,
    words           TEXT   NOT NULL,
    starts_at       BIGINT NOT NULL,
    -- When it opens again by itself; NULL until somebody opens it.
    ends_at         BIGINT,
    is_open         BIGINT NOT NULL,
    closed_by       TEXT   NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX road_closures_now ON road_closures (jurisdiction_id, id) WHERE is_open = 1;

CREATE TABLE crises (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- NULL for the whole city.
    district_id     BIGINT,
    -- begun, ended
    state           TEXT   NOT NULL,
    is_open         BIGINT NOT NULL,
    begun_at        BIGINT NOT NULL,
    ended_at        BIGINT,
    begun_by        TEXT   NOT NULL,
    -- The crisis's own copy of what holds, as JSON.
    rules           TEXT   NOT NULL,
    -- The storm that says it to people, when this crisis began it.
    storm_id        BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
-- One crisis over one place at a time.
CREATE UNIQUE INDEX crises_now ON crises (jurisdiction_id, COALESCE(district_id, 0)) WHERE is_open = 1;

-- Every crew that was called, what it said, and the shift that was made for it.
CREATE TABLE crisis_calls (
    jurisdiction_id BIGINT NOT NULL,
    crisis_id       BIGINT NOT NULL,
    crew_id         BIGINT NOT NULL,
    -- called, coming, refused
    answer          TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    called_at       BIGINT NOT NULL,
    answered_at     BIGINT,
    shift_id        BIGINT,
    -- 1 for a crew of volunteers that was made for this crisis and goes home with it.
    is_volunteer    BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, crisis_id, crew_id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX crisis_calls_by_crew ON crisis_calls (jurisdiction_id, crew_id, crisis_id);
