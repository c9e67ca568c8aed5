-- Work: who holds what, who was called, lists that are kept, answers that are given often, parts, referrals.

-- How long each unit and each person had a request. Whoever has it now has no end. What was never handed on has no row:
-- its unit has had it since it came.
CREATE TABLE work_holds (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    unit_id         BIGINT,
    account_id      BIGINT,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT,
    PRIMARY KEY (jurisdiction_id, request_id, id)
);
CREATE INDEX work_holds_now ON work_holds (jurisdiction_id, account_id, request_id) WHERE until_at IS NULL AND account_id IS NOT NULL;

-- A colleague was named in a note.
CREATE TABLE work_mentions (
    jurisdiction_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    by_account      BIGINT,
    at              BIGINT NOT NULL,
    seen_at         BIGINT,
    PRIMARY KEY (jurisdiction_id, account_id, id)
);

-- Filters that somebody keeps; with a unit, all its members have them.
CREATE TABLE work_filters (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    unit_id         BIGINT,
    name            TEXT   NOT NULL,
    query           TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX work_filters_by_account ON work_filters (jurisdiction_id, account_id, id);
CREATE INDEX work_filters_by_unit ON work_filters (jurisdiction_id, unit_id, id) WHERE unit_id IS NOT NULL;

-- Open requests by unit, district, service and state, kept by a follower. 0 stands for none.
CREATE TABLE work_counts (
    jurisdiction_id BIGINT NOT NULL,
    unit_id         BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    service_id      BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    count           BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, unit_id, district_id, service_id, status)
) /*sqlite WITHOUT ROWID*/;

-- The order of work: what is due first.
CREATE INDEX service_requests_by_promise ON service_requests (jurisdiction_id, due_at, id) WHERE is_open = 1;
CREATE INDEX service_requests_ended ON service_requests (jurisdiction_id, unit_id, id) WHERE is_open = 0;
CREATE INDEX IF NOT EXISTS request_contacts_by_mobile ON request_contacts (jurisdiction_id, mobile, request_id) WHERE mobile <> '';
CREATE INDEX work_contacts_by_account ON request_contacts (jurisdiction_id, account, request_id) WHERE account <> '';

-- Words that are said often, per service and state, with a fixed list of placeholders.
CREATE TABLE standard_answers (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    -- NULL for every service.
    service_id      BIGINT,
    status          TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    text_fa         TEXT   NOT NULL,
    text_en         TEXT   NOT NULL,
    -- Changed by hand: a newer city pack leaves it as it is.
    is_edited       BIGINT NOT NULL DEFAULT 0,
    is_retired      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code)
);

-- A request that several units do a part of.
CREATE TABLE request_parts (
    jurisdiction_id BIGINT NOT NULL,
    parent_id       BIGINT NOT NULL,
    child_id        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, parent_id, child_id)
);
CREATE UNIQUE INDEX request_parts_by_child ON request_parts (jurisdiction_id, child_id);

-- An organisation outside was asked; the unit that asked follows the answer.
CREATE TABLE request_referrals (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    from_unit_id    BIGINT,
    to_unit_id      BIGINT NOT NULL,
    by_account      BIGINT,
    at              BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    reminded_at     BIGINT,
    answered_at     BIGINT,
    -- SHA-256 of the token in the link that answers without an account.
    link_hash       TEXT   NOT NULL DEFAULT '',
    link_until      BIGINT,
    PRIMARY KEY (jurisdiction_id, request_id, id)
);
CREATE INDEX request_referrals_waiting ON request_referrals (jurisdiction_id, from_unit_id, due_at) WHERE answered_at IS NULL;
CREATE INDEX request_referrals_due ON request_referrals (jurisdiction_id, due_at) WHERE answered_at IS NULL AND reminded_at IS NULL;
CREATE UNIQUE INDEX request_referrals_by_link ON request_referrals (jurisdiction_id, link_hash) WHERE link_hash <> '';

-- What must not be forgotten while a court or an inquiry needs it.
CREATE TABLE legal_holds (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    why             TEXT   NOT NULL,
    lifted_at       BIGINT,
    PRIMARY KEY (jurisdiction_id, request_id, id)
);

-- A round of forgetting: proposed by one person, approved by another, done by the scheduled job.
CREATE TABLE retention_runs (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('proposed', 'approved', 'withdrawn', 'done')),
    proposed_at     BIGINT NOT NULL,
    proposed_by     BIGINT NOT NULL,
    with_words      BIGINT NOT NULL,
    contacts_found  BIGINT NOT NULL,
    words_found     BIGINT NOT NULL,
    decided_at      BIGINT,
    decided_by      BIGINT,
    done_at         BIGINT,
    -- The last request that was looked at.
    seen_to         BIGINT NOT NULL DEFAULT 0,
    contacts_done   BIGINT NOT NULL DEFAULT 0,
    words_done      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction_id, id)
);

-- The register: what was made to forget, when and by which rule. It holds no personal data itself.
CREATE TABLE anonymised (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    -- NULL when the citizen asked for it.
    run_id          BIGINT,
    contact         BIGINT NOT NULL,
    followers       BIGINT NOT NULL,
    words           BIGINT NOT NULL,
    words_hash      TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id, id)
);
CREATE INDEX anonymised_by_time ON anonymised (jurisdiction_id, at, id);
