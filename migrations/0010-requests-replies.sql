-- The citizen's word on an answer, calls that ask for it, and officials on the line.

-- 1 while an objection waits for the inspector: until then the unit that answered may not touch it.
ALTER TABLE service_requests ADD COLUMN with_inspector BIGINT NOT NULL DEFAULT 0;
-- The account of the official who promised it.
ALTER TABLE service_requests ADD COLUMN owner_id BIGINT;
CREATE INDEX service_requests_with_inspector ON service_requests (jurisdiction_id, id) WHERE with_inspector = 1;
CREATE INDEX service_requests_by_owner ON service_requests (jurisdiction_id, owner_id, id) WHERE owner_id IS NOT NULL;
-- Wrong guesses of the last digits of the number while a question is open and there is no answer yet to reply to.
ALTER TABLE request_contacts ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS request_contacts_by_mobile ON request_contacts (jurisdiction_id, mobile, request_id) WHERE mobile <> '';

-- What a city pack says about replies and feedback calls, as JSON; a part without a row is as the program has it.
CREATE TABLE request_settings (
    jurisdiction_id BIGINT NOT NULL,
    part            TEXT   NOT NULL,
    definition      TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, part)
);

-- One row for each answer that a request was given: the citizen may say one thing to each.
CREATE TABLE request_replies (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    round           BIGINT NOT NULL,
    -- What the city said: answered or declined.
    outcome         TEXT   NOT NULL,
    answered_at     BIGINT NOT NULL,
    answered_by     TEXT   NOT NULL,
    unit_id         BIGINT,
    district_id     BIGINT,
    until           BIGINT NOT NULL,
    reply           TEXT   NOT NULL DEFAULT 'waiting',
    how             TEXT   NOT NULL DEFAULT '',
    replied_at      BIGINT,
    -- Wrong guesses of the last digits of the reporter's number.
    tries           BIGINT NOT NULL DEFAULT 0,
    -- What an inspector decided about an objection.
    decision        TEXT   NOT NULL DEFAULT '',
    decided_by      TEXT   NOT NULL DEFAULT '',
    decided_at      BIGINT,
    PRIMARY KEY (jurisdiction_id, request_id, round)
);
CREATE INDEX request_replies_waiting ON request_replies (jurisdiction_id, until, request_id) WHERE reply = 'waiting';

-- Signs the links of messages; drawn once for each city.
CREATE TABLE request_reply_keys (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    key             TEXT   NOT NULL
);

-- Kept by a follower: what became of the answers of a month, and what people said on the telephone.
CREATE TABLE request_reply_figures (
    jurisdiction_id BIGINT NOT NULL,
    -- The first day of the month of the city's calendar, in days since 1970.
    month           BIGINT NOT NULL,
    unit_id         BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    answered        BIGINT NOT NULL,
    confirmed       BIGINT NOT NULL,
    objected        BIGINT NOT NULL,
    unconfirmed     BIGINT NOT NULL,
    called          BIGINT NOT NULL,
    rated           BIGINT NOT NULL,
    rating_sum      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, month, unit_id, district_id)
) /*sqlite WITHOUT ROWID*/;

-- Answers drawn by lot whose citizens are telephoned.
CREATE TABLE feedback_calls (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    round           BIGINT NOT NULL,
    unit_id         BIGINT,
    district_id     BIGINT,
    answered_at     BIGINT NOT NULL,
    call_after      BIGINT NOT NULL,
    is_waiting      BIGINT NOT NULL DEFAULT 1,
    attempts        BIGINT NOT NULL DEFAULT 0,
    leased_by       TEXT   NOT NULL DEFAULT '',
    leased_until    BIGINT NOT NULL DEFAULT 0,
    outcome         TEXT   NOT NULL DEFAULT '',
    satisfaction    BIGINT,
    called_by       TEXT   NOT NULL DEFAULT '',
    called_at       BIGINT,
    PRIMARY KEY (jurisdiction_id, request_id, round)
);
CREATE INDEX feedback_calls_waiting ON feedback_calls (jurisdiction_id, call_after, request_id) WHERE is_waiting = 1;
CREATE INDEX feedback_calls_leased ON feedback_calls (jurisdiction_id, leased_by, leased_until) WHERE is_waiting = 1;

-- Hours at which a named official answers callers.
CREATE TABLE official_hours (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    account_id      BIGINT,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    title_fa        TEXT   NOT NULL,
    title_en        TEXT   NOT NULL,
    begins_at       BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    phone           TEXT   NOT NULL,
    place_fa        TEXT   NOT NULL,
    place_en        TEXT   NOT NULL,
    is_published    BIGINT NOT NULL,
    is_cancelled    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX official_hours_by_time ON official_hours (jurisdiction_id, begins_at, id);

-- Who waits on the line of an hour.
CREATE TABLE official_callers (
    jurisdiction_id BIGINT NOT NULL,
    hour_id         BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    mobile          TEXT   NOT NULL,
    about           TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    ended_at        BIGINT,
    PRIMARY KEY (jurisdiction_id, hour_id, id)
);

-- What was promised there: a request with the official as its owner.
CREATE TABLE official_promises (
    jurisdiction_id BIGINT NOT NULL,
    hour_id         BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, hour_id, request_id)
);
