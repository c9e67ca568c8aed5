-- Many reports of one thing, and the hours in which the line must not choke.

CREATE TABLE incidents (
    jurisdiction_id BIGINT NOT NULL,
    -- The number of the request that opened it; of one that was split off, a number of its own.
    id              BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    is_open         BIGINT NOT NULL,
    family          TEXT   NOT NULL,
    service_id      BIGINT NOT NULL,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    unit_id         BIGINT,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    cell            BIGINT NOT NULL,
    reach           BIGINT NOT NULL,
    first_at        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL,
    size            BIGINT NOT NULL,
    danger          BIGINT NOT NULL,
    -- What its members have in common, as JSON; read as one, never queried.
    learned         TEXT   NOT NULL,
    -- The words of the staff, for colleagues.
    words           TEXT   NOT NULL,
    -- What everybody in it is told, in both languages; empty until it is answered.
    answer_fa       TEXT   NOT NULL,
    answer_en       TEXT   NOT NULL,
    -- The last member that was answered; NULL when nobody waits for it.
    answering       BIGINT,
    -- 1 while members wait to be told that they are part of it.
    telling         BIGINT NOT NULL,
    merged_into     BIGINT,
    by_people       BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX incidents_by_cell ON incidents (jurisdiction_id, cell) WHERE is_open = 1;
CREATE INDEX incidents_open ON incidents (jurisdiction_id, danger, size, id) WHERE is_open = 1;
CREATE INDEX incidents_by_update ON incidents (jurisdiction_id, updated_at, id);
CREATE INDEX incidents_answering ON incidents (jurisdiction_id, id) WHERE answering IS NOT NULL;
CREATE INDEX incidents_telling ON incidents (jurisdiction_id, id) WHERE telling = 1;

CREATE TABLE incident_members (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    incident_id     BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    -- How alike, in hundredths; NULL when a person joined it.
    likeness        BIGINT,
    told            BIGINT NOT NULL,
    -- Why the answer could not be given to this one, or ''.
    refused         TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (jurisdiction_id, request_id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX incident_members_of ON incident_members (jurisdiction_id, incident_id, request_id);
CREATE INDEX incident_members_untold ON incident_members (jurisdiction_id, incident_id, request_id) WHERE told = 0;

-- Recent requests that are in no incident: where the next one begins. Older ones are taken out by a chore.
CREATE TABLE incident_loose (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    cell            BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    seen            TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX incident_loose_by_cell ON incident_loose (jurisdiction_id, cell, request_id);

-- Messages of each minute and each hour by district, kept by a follower; 0 for those without a district.
CREATE TABLE request_minutes (
    jurisdiction_id BIGINT NOT NULL,
    minute          BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    count           BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, minute, district_id)
) /*sqlite WITHOUT ROWID*/;
CREATE TABLE request_hours (
    jurisdiction_id BIGINT NOT NULL,
    hour            BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    count           BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, hour, district_id)
) /*sqlite WITHOUT ROWID*/;

-- Storm mode of the city (no district) or of one district. The rules are its own copy, so that they can be changed.
CREATE TABLE storms (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    district_id     BIGINT,
    state           TEXT   NOT NULL,
    is_open         BIGINT NOT NULL,
    begun_at        BIGINT NOT NULL,
    ended_at        BIGINT,
    begun_by        TEXT   NOT NULL,
    -- Messages of the last quarter of an hour, and as many as are usual, when the program proposed it.
    rate            BIGINT NOT NULL,
    usual           BIGINT NOT NULL,
    rules           TEXT   NOT NULL,
    -- The last request whose promise was looked at; NULL when none waits for it.
    shifting        BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX storms_one_of_city ON storms (jurisdiction_id) WHERE is_open = 1 AND district_id IS NULL;
CREATE UNIQUE INDEX storms_one_of_district ON storms (jurisdiction_id, district_id) WHERE is_open = 1 AND district_id IS NOT NULL;

-- What the city pack says of storms and incidents, as JSON.
CREATE TABLE storm_rules (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    definition      TEXT   NOT NULL
);
