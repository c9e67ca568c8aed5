-- Calls at the line: what the telephone exchange told of them, and what an operator did with each.

CREATE TABLE calls (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- The exchange's own name for it; none for a call that an operator began by hand.
    exchange_id     TEXT,
    -- The number as it is dialled, E.164 where that is known; empty when it was hidden or is forgotten.
    caller          TEXT   NOT NULL,
    extension       TEXT   NOT NULL,
    -- ringing, answered, ended, missed: always what the times below say.
    state           TEXT   NOT NULL,
    began_at        BIGINT NOT NULL,
    answered_at     BIGINT,
    ended_at        BIGINT,
    -- The operator whose call it is.
    account_id      BIGINT,
    taken_at        BIGINT,
    request_id      BIGINT,
    wrap_up         TEXT   NOT NULL DEFAULT '',
    wrapped_at      BIGINT,
    called_back_at  BIGINT,
    -- What was typed so far; emptied when the call is wrapped up.
    draft           TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX calls_by_exchange ON calls (jurisdiction_id, exchange_id) WHERE exchange_id IS NOT NULL;
CREATE INDEX calls_by_account ON calls (jurisdiction_id, account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX calls_by_extension ON calls (jurisdiction_id, extension, id) WHERE wrapped_at IS NULL;
CREATE INDEX calls_by_caller ON calls (jurisdiction_id, caller, id) WHERE caller <> '';
CREATE INDEX calls_missed ON calls (jurisdiction_id, id) WHERE state = 'missed' AND called_back_at IS NULL;

-- Who sits at which telephone.
CREATE TABLE call_seats (
    jurisdiction_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    extension       TEXT   NOT NULL,
    since           BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, account_id),
    UNIQUE (jurisdiction_id, extension)
);

-- How many wait, as the exchange last said.
CREATE TABLE call_queues (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    waiting         BIGINT NOT NULL,
    -- Of the one who waits longest.
    seconds         BIGINT NOT NULL,
    at              BIGINT NOT NULL
);

-- What is said to people who ask for something that is not the city's.
CREATE TABLE other_doors (
    jurisdiction_id BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    definition      TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, code)
);

-- The earlier requests of a number.
CREATE INDEX request_contacts_of_number ON request_contacts (jurisdiction_id, mobile, request_id) WHERE mobile <> '';
