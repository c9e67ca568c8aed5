-- Who voted, apart from what was voted. docs/decisions/0011-ballots.md says what each table may tell to whom.

-- One row for each person who voted, under a keyed one-way token of who they are. Only the day, never the minute.
CREATE TABLE ballot_roll (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    token           TEXT   NOT NULL,
    -- The same of the telephone, when one was proven; '' otherwise.
    phone           TEXT   NOT NULL,
    pot_id          BIGINT,
    channel         TEXT   NOT NULL,
    voted_on        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, token)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX ballot_roll_by_phone ON ballot_roll (jurisdiction_id, round_id, phone) WHERE phone <> '';

-- The box: sealed ballots under another token of the same person. Nothing here can be read or joined without the key
-- of the round, which is not in the database as plain text.
CREATE TABLE ballots (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    slot            TEXT   NOT NULL,
    receipt         TEXT   NOT NULL,
    sealed          TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, slot)
) /*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX ballots_by_receipt ON ballots (jurisdiction_id, round_id, receipt);

-- Every sealed ballot that ever came in, also those that were replaced later. Appended to, never changed.
CREATE TABLE ballot_seals (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    receipt         TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, receipt)
) /*sqlite WITHOUT ROWID*/;

-- Ballots after the box was opened: shuffled, under numbers drawn then, with nothing of the person and no time.
CREATE TABLE ballots_opened (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    pot_id          BIGINT,
    channel         TEXT   NOT NULL,
    -- Numbers on the ballot and their weights, `12:1 40:1`, in the order of numbers.
    choices         TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, id)
) /*sqlite WITHOUT ROWID*/;

-- Persons by day, channel and pot, kept by a follower; pot 0 for those without one.
CREATE TABLE ballot_figures (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    day             BIGINT NOT NULL,
    channel         TEXT   NOT NULL,
    pot_id          BIGINT NOT NULL,
    persons         BIGINT NOT NULL,
    -- Ballots that came in, also those that replaced an earlier one.
    received        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, day, channel, pot_id)
);

-- Ballots that a member of staff took from others: how many in each hour, never which.
CREATE TABLE ballot_assists (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    hour            BIGINT NOT NULL,
    channel         TEXT   NOT NULL,
    count           BIGINT NOT NULL,
    -- Sheets that were refused because the person had voted already.
    refused         BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, account_id, hour, channel)
);

-- The pattern report, made when the box is opened and before anything is counted.
CREATE TABLE ballot_patterns (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    ballots         BIGINT NOT NULL,
    -- The largest number of ballots that were alike to the last choice.
    alike           BIGINT NOT NULL,
    fastest_hour    BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    is_odd          BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, account_id)
);

-- People who may vote, from the file that the city brought in: a keyed hash of number and birth date, nothing else.
CREATE TABLE ballot_registry (
    jurisdiction_id BIGINT NOT NULL,
    person          TEXT   NOT NULL,
    division_id     BIGINT,
    PRIMARY KEY (jurisdiction_id, person)
) /*sqlite WITHOUT ROWID*/;

-- Paper: a batch of sheets, typed in by two people. What was typed is sealed and goes when the sheet is cast.
CREATE TABLE paper_batches (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    sheets          BIGINT NOT NULL,
    made_by         BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    closed_at       BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX paper_batches_of ON paper_batches (jurisdiction_id, round_id, id);

CREATE TABLE paper_sheets (
    jurisdiction_id BIGINT NOT NULL,
    batch_id        BIGINT NOT NULL,
    sheet           BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    first_by        BIGINT NOT NULL,
    first_digest    TEXT   NOT NULL,
    first_sealed    TEXT   NOT NULL,
    second_by       BIGINT,
    second_digest   TEXT   NOT NULL DEFAULT '',
    second_sealed   TEXT   NOT NULL DEFAULT '',
    settled_by      BIGINT,
    -- Why it was not cast, as a code, or ''.
    refused         TEXT   NOT NULL DEFAULT '',
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, batch_id, sheet)
);

-- A vote by text message or menu, between its first and its last step. The number is a keyed hash, the rest is sealed.
CREATE TABLE ballot_dialogues (
    jurisdiction_id BIGINT NOT NULL,
    number          TEXT   NOT NULL,
    round_id        BIGINT NOT NULL,
    step            TEXT   NOT NULL,
    sealed          TEXT   NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, number)
);

-- Tablets of interviewers: what came in from them, each item once.
CREATE TABLE ballot_tablet_items (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    -- Drawn by the tablet; sending it again gives the first answer.
    item            TEXT   NOT NULL,
    account_id      BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    refused         TEXT   NOT NULL,
    -- What is in quarantine, sealed; '' otherwise.
    sealed          TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, item)
);
