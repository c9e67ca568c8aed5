-- Rounds of participation: phases, pots of money, ideas, what experts say of them, projects, arguments.

CREATE TABLE rounds (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    about_fa        TEXT   NOT NULL,
    about_en        TEXT   NOT NULL,
    -- The rules of the round, as JSON; read as one, never queried.
    rules           TEXT   NOT NULL,
    -- SHA-256 of the rules when they were published; they are not changed from then on.
    rules_hash      TEXT   NOT NULL DEFAULT '',
    is_public       BIGINT NOT NULL DEFAULT 0,
    ends_at         BIGINT NOT NULL,
    -- The phase that was last announced in the journal.
    announced       TEXT   NOT NULL DEFAULT '',
    -- The key of this round, sealed with the key that is not in the database; '' when it was destroyed.
    secret          TEXT   NOT NULL,
    -- What decides between equals: its hash before the vote, itself after it.
    seed_hash       TEXT   NOT NULL,
    seed            TEXT   NOT NULL DEFAULT '',
    opened_at       BIGINT,
    counted_at      BIGINT,
    made_at         BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX rounds_by_code ON rounds (jurisdiction_id, code);

CREATE TABLE round_phases (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    phase           TEXT   NOT NULL,
    begins_at       BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, phase)
);

CREATE TABLE round_pots (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    -- Small, for ballots on paper and by telephone; 0 is the city-wide pot.
    number          BIGINT NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    division_id     BIGINT,
    -- Rial.
    budget          BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX round_pots_by_number ON round_pots (jurisdiction_id, round_id, number);

-- The edition of everything above and of what is on ballots, so that a ballot is checked from memory.
CREATE TABLE project_editions (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    edition         BIGINT NOT NULL
);

CREATE TABLE ideas (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    topic           TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    -- Title and words folded for search and for finding what is alike.
    folded          TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    lat             DOUBLE PRECISION,
    long            DOUBLE PRECISION,
    cell            BIGINT,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    account_id      BIGINT,
    unit_id         BIGINT,
    supporters      BIGINT NOT NULL DEFAULT 0,
    merged_into     BIGINT,
    -- Repeating a form gives the same idea.
    form_key        TEXT,
    made_at         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX ideas_by_code ON ideas (jurisdiction_id, code);
CREATE UNIQUE INDEX ideas_by_form ON ideas (jurisdiction_id, form_key) WHERE form_key IS NOT NULL;
CREATE INDEX ideas_by_round ON ideas (jurisdiction_id, round_id, state, id);
CREATE INDEX ideas_by_cell ON ideas (jurisdiction_id, round_id, cell) WHERE cell IS NOT NULL;
CREATE INDEX ideas_of_account ON ideas (jurisdiction_id, account_id, id) WHERE account_id IS NOT NULL;

CREATE TABLE idea_supporters (
    jurisdiction_id BIGINT NOT NULL,
    idea_id         BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, idea_id, account_id)
) /*sqlite WITHOUT ROWID*/;

-- "These two are one": asked of the person whose idea would end.
CREATE TABLE idea_merges (
    jurisdiction_id BIGINT NOT NULL,
    idea_id         BIGINT NOT NULL,
    into_id         BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    asked_at        BIGINT NOT NULL,
    answered_at     BIGINT,
    PRIMARY KEY (jurisdiction_id, idea_id, into_id)
);

-- What experts said, appended to; the newest of an idea is in force.
CREATE TABLE idea_judgements (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    idea_id         BIGINT NOT NULL,
    is_feasible     BIGINT NOT NULL,
    reason          TEXT   NOT NULL,
    -- Rial; 0 when it cannot be done.
    cost_least      BIGINT NOT NULL,
    cost_most       BIGINT NOT NULL,
    unit_id         BIGINT,
    by_account      BIGINT,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX idea_judgements_of ON idea_judgements (jurisdiction_id, idea_id, id);

CREATE TABLE projects (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    pot_id          BIGINT NOT NULL,
    -- On the ballot; small, for paper and telephone.
    number          BIGINT NOT NULL,
    idea_id         BIGINT,
    state           TEXT   NOT NULL,
    topic           TEXT   NOT NULL,
    title_fa        TEXT   NOT NULL,
    title_en        TEXT   NOT NULL,
    words_fa        TEXT   NOT NULL,
    words_en        TEXT   NOT NULL,
    folded          TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    lat             DOUBLE PRECISION,
    long            DOUBLE PRECISION,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    unit_id         BIGINT,
    -- Rial.
    cost            BIGINT NOT NULL,
    cost_least      BIGINT NOT NULL,
    cost_most       BIGINT NOT NULL,
    -- Why it was taken back, or ''.
    withdrawn       TEXT   NOT NULL DEFAULT '',
    -- After the count: how many chose it, its place among the winners (0 when it did not win).
    votes           BIGINT,
    place           BIGINT,
    followers       BIGINT NOT NULL DEFAULT 0,
    made_at         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX projects_by_code ON projects (jurisdiction_id, code);
CREATE UNIQUE INDEX projects_by_number ON projects (jurisdiction_id, round_id, number);
CREATE INDEX projects_by_round ON projects (jurisdiction_id, round_id, state, pot_id, number);
CREATE INDEX projects_of_idea ON projects (jurisdiction_id, idea_id) WHERE idea_id IS NOT NULL;

CREATE TABLE project_followers (
    jurisdiction_id BIGINT NOT NULL,
    project_id      BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, project_id, account_id)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE project_arguments (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    project_id      BIGINT NOT NULL,
    side            TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    account_id      BIGINT,
    -- Flags of readers since the last decision.
    flags           BIGINT NOT NULL DEFAULT 0,
    reason          TEXT   NOT NULL DEFAULT '',
    -- What the author says against the decision, or ''.
    appeal          TEXT   NOT NULL DEFAULT '',
    decided_by      BIGINT,
    made_at         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX project_arguments_of ON project_arguments (jurisdiction_id, project_id, state, id);
CREATE INDEX project_arguments_waiting ON project_arguments (jurisdiction_id, updated_at, id) WHERE state IN ('waiting', 'flagged', 'appealed');

CREATE TABLE project_argument_flags (
    jurisdiction_id BIGINT NOT NULL,
    argument_id     BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, argument_id, account_id)
) /*sqlite WITHOUT ROWID*/;

-- Every decision of a moderator, for everybody to read; the words that were hidden are not in it.
CREATE TABLE project_moderations (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    argument_id     BIGINT NOT NULL,
    deed            TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    after_appeal    BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX project_moderations_of ON project_moderations (jurisdiction_id, round_id, id);
