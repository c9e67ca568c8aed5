-- Contractors: what was agreed, which orders they were given, what was measured, and what is paid for it. Money is whole
-- rial, quantities are thousandths of the unit, days are days since 1970, moments are milliseconds UTC.

CREATE TABLE contracts (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    title_fa        TEXT   NOT NULL,
    title_en        TEXT   NOT NULL,
    -- An external unit.
    contractor_id   BIGINT NOT NULL,
    -- draft, in-force, suspended, ended
    state           TEXT   NOT NULL,
    starts_on       BIGINT NOT NULL,
    ends_on         BIGINT NOT NULL,
    -- Districts, services, coefficient, targets, penalties and the rest, as JSON. Never changed once it is in force.
    terms           TEXT   NOT NULL,
    -- Where the samples of the checks come from; known to nobody until a month is closed.
    draw_seed       BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX contracts_by_code ON contracts (jurisdiction_id, code);
CREATE INDEX contracts_of_contractor ON contracts (jurisdiction_id, contractor_id, id);

-- A price list is a whole one, valid from its day until the next begins.
CREATE TABLE contract_prices (
    jurisdiction_id BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL,
    valid_from      BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    unit            TEXT   NOT NULL,
    price           BIGINT NOT NULL,
    -- More than this of it in one line is looked at; NULL when nobody said.
    usual_most      BIGINT,
    PRIMARY KEY (jurisdiction_id, contract_id, valid_from, code)
) /*sqlite WITHOUT ROWID*/;

-- One order offered to one contractor.
CREATE TABLE contract_orders (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    order_id        BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL,
    contractor_id   BIGINT NOT NULL,
    -- offered, accepted, refused, timed-out, taken-back
    state           TEXT   NOT NULL,
    offered_at      BIGINT NOT NULL,
    answer_by       BIGINT NOT NULL,
    answered_at     BIGINT,
    -- When the contractor said that it would be there.
    arrive_by       BIGINT,
    reason          TEXT   NOT NULL,
    taken_back_at   BIGINT,
    signed_at       BIGINT,
    -- The name under the signature.
    signed_by       TEXT   NOT NULL,
    -- '', immediate, flagged, drawn: why somebody looks at it.
    look            TEXT   NOT NULL,
    -- The statement in which its times were judged.
    settled_in      BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX contract_orders_one ON contract_orders (jurisdiction_id, order_id) WHERE state IN ('offered', 'accepted');
CREATE INDEX contract_orders_of_contractor ON contract_orders (jurisdiction_id, contractor_id, id);
CREATE INDEX contract_orders_unsettled ON contract_orders (jurisdiction_id, contract_id, id) WHERE settled_in IS NULL;
CREATE INDEX contract_orders_waiting ON contract_orders (jurisdiction_id, answer_by, id) WHERE state = 'offered';

-- What was measured.
CREATE TABLE contract_lines (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL,
    contractor_id   BIGINT NOT NULL,
    order_id        BIGINT NOT NULL,
    item            TEXT   NOT NULL,
    quantity        BIGINT NOT NULL,
    measured_on     BIGINT NOT NULL,
    measured_at     BIGINT NOT NULL,
    measured_by     TEXT   NOT NULL,
    account_id      BIGINT,
    note            TEXT   NOT NULL,
    -- The photo and its small copy; the name of a file is the hash of its content.
    photo           TEXT,
    thumbnail       TEXT,
    -- written, submitted, certified, partly, rejected, reopened
    state           TEXT   NOT NULL,
    certified       BIGINT NOT NULL,
    -- 0 for a second visit after an objection and within the warranty.
    is_paid         BIGINT NOT NULL,
    -- Codes with one blank between them: outlier, same-photo, same-place, no-photo.
    flags           TEXT   NOT NULL,
    submitted_at    BIGINT,
    checked_at      BIGINT,
    checked_by      TEXT   NOT NULL,
    -- A code, and words.
    reason          TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    -- What statements have paid for it so far, and the last of them.
    billed          BIGINT NOT NULL DEFAULT 0,
    billed_in       BIGINT,
    -- The price that the first of them used.
    billed_price    BIGINT,
    -- 1 when statements paid exactly what is certified now; every verdict makes it 0.
    is_settled      BIGINT NOT NULL DEFAULT 0,
    -- The statement that counted a failed check of it.
    judged_in       BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX contract_lines_of_order ON contract_lines (jurisdiction_id, order_id, id);
CREATE INDEX contract_lines_of_contract ON contract_lines (jurisdiction_id, contract_id, measured_on, id);
CREATE INDEX contract_lines_unsettled ON contract_lines (jurisdiction_id, contract_id, measured_on, id) WHERE is_settled = 0;
CREATE INDEX contract_lines_by_photo ON contract_lines (jurisdiction_id, photo) WHERE photo IS NOT NULL;
CREATE INDEX contract_lines_to_check ON contract_lines (jurisdiction_id, submitted_at, id) WHERE state = 'submitted';

-- A month's statement. Once closed, neither it nor its rows are changed again.
CREATE TABLE statements (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL,
    contractor_id   BIGINT NOT NULL,
    number          BIGINT NOT NULL,
    from_on         BIGINT NOT NULL,
    until_on        BIGINT NOT NULL,
    -- presented, closed
    state           TEXT   NOT NULL,
    presented_at    BIGINT NOT NULL,
    dispute_until   BIGINT NOT NULL,
    agreed_at       BIGINT,
    closed_at       BIGINT,
    closed_by       TEXT   NOT NULL,
    to_date         BIGINT NOT NULL,
    previous        BIGINT NOT NULL,
    over_ceiling    BIGINT NOT NULL,
    gross           BIGINT NOT NULL,
    corrections     BIGINT NOT NULL,
    penalties_full  BIGINT NOT NULL,
    penalties       BIGINT NOT NULL,
    retention       BIGINT NOT NULL,
    carried_in      BIGINT NOT NULL,
    payable         BIGINT NOT NULL,
    carried_out     BIGINT NOT NULL,
    -- The sample of its checks can be drawn again from this.
    draw_seed       TEXT   NOT NULL,
    draw_percent    BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX statements_by_number ON statements (jurisdiction_id, contract_id, number);
CREATE UNIQUE INDEX statements_one_presented ON statements (jurisdiction_id, contract_id) WHERE state = 'presented';
CREATE INDEX statements_of_contractor ON statements (jurisdiction_id, contractor_id, id);

CREATE TABLE statement_rows (
    jurisdiction_id BIGINT NOT NULL,
    statement_id    BIGINT NOT NULL,
    number          BIGINT NOT NULL,
    -- work, correction, late-arrival, late-finish, no-show, failed-check, missing-proof
    kind            TEXT   NOT NULL,
    line_id         BIGINT,
    -- The offer whose times were judged, or the correction.
    source_id       BIGINT,
    order_code      TEXT   NOT NULL,
    item            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    unit            TEXT   NOT NULL,
    measured_on     BIGINT,
    quantity        BIGINT NOT NULL,
    price           BIGINT NOT NULL,
    coefficient     BIGINT NOT NULL,
    -- Paid before for the same line.
    before          BIGINT NOT NULL,
    -- What this row adds to the account, or takes from it when it is a penalty. Never negative for a penalty.
    amount          BIGINT NOT NULL,
    -- The times it was computed from, as JSON, and how many hours or days late.
    events          TEXT   NOT NULL,
    units           BIGINT NOT NULL,
    words           TEXT   NOT NULL,
    -- '', open, upheld, turned-down
    dispute         TEXT   NOT NULL,
    disputed_at     BIGINT,
    dispute_words   TEXT   NOT NULL,
    answered_at     BIGINT,
    answered_by     TEXT   NOT NULL,
    answer_words    TEXT   NOT NULL,
    -- What stood here before a dispute was upheld.
    amount_before   BIGINT,
    PRIMARY KEY (jurisdiction_id, statement_id, number)
) /*sqlite WITHOUT ROWID*/;

-- What was wrong in a closed statement is put right by a line of the next one.
CREATE TABLE contract_corrections (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL,
    statement_id    BIGINT NOT NULL,
    amount          BIGINT NOT NULL,
    words           TEXT   NOT NULL,
    made_at         BIGINT NOT NULL,
    made_by         TEXT   NOT NULL,
    billed_in       BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX contract_corrections_open ON contract_corrections (jurisdiction_id, contract_id, id) WHERE billed_in IS NULL;

-- An address that opens one order without an account. Only the hash of its key is kept.
CREATE TABLE contract_links (
    jurisdiction_id BIGINT NOT NULL,
    key_hash        TEXT   NOT NULL,
    id              BIGINT NOT NULL,
    offer_id        BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    made_by         TEXT   NOT NULL,
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT,
    last_used_at    BIGINT,
    PRIMARY KEY (jurisdiction_id, key_hash)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX contract_links_of_offer ON contract_links (jurisdiction_id, offer_id, id);
