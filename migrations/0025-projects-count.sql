-- The count of a round: by which rule, with which result, and why for each project.

-- One row for each pot.
CREATE TABLE round_counts (
    jurisdiction_id BIGINT NOT NULL,
    round_id        BIGINT NOT NULL,
    pot_id          BIGINT NOT NULL,
    -- Rial; what the rule had to spend and what it spent.
    budget          BIGINT NOT NULL,
    spent           BIGINT NOT NULL,
    -- Ballots that took part in this pot.
    voters          BIGINT NOT NULL,
    -- What counted, and the rule as JSON.
    engine          TEXT   NOT NULL,
    rule            TEXT   NOT NULL,
    -- Numbers on the ballot of the winners, in order of selection, with spaces between.
    winners         TEXT   NOT NULL,
    -- The published file of ballots: its SHA-256, and how rare ballots were covered in it.
    digest          TEXT   NOT NULL,
    cover           TEXT   NOT NULL,
    counted_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, round_id, pot_id)
);

-- Why a project won or lost, as JSON; read as one, never queried.
CREATE TABLE project_stories (
    jurisdiction_id BIGINT NOT NULL,
    project_id      BIGINT NOT NULL,
    story           TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, project_id)
);
