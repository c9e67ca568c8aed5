-- What the city offers, as Open311 describes it, and who does it where.

CREATE TABLE service_groups (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    icon            TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code)
);

CREATE TABLE services (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    group_id        BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    is_open         BIGINT NOT NULL,
    -- The whole description as JSON (names, words, questions, targets); read as one, never queried.
    definition      TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code)
);

CREATE TABLE routing_rules (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    service_id      BIGINT,
    group_id        BIGINT,
    district_id     BIGINT,
    unit_id         BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
