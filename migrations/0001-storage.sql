-- The ground: the journal and who follows it, editions of slow-changing data, jobs, idempotency.

CREATE TABLE journal_heads (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    seq             BIGINT NOT NULL,
    hash            /*sqlite BLOB*/ /*postgres BYTEA*/ NOT NULL
);

CREATE TABLE journal (
    jurisdiction_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    subject_kind    TEXT   NOT NULL,
    subject_id      BIGINT NOT NULL,
    fact            TEXT   NOT NULL,
    payload         TEXT   NOT NULL,
    hash            /*sqlite BLOB*/ /*postgres BYTEA*/ NOT NULL,
    PRIMARY KEY (jurisdiction_id, seq)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX journal_by_subject ON journal (jurisdiction_id, subject_id, seq);

CREATE TABLE follower_cursors (
    jurisdiction_id BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, name)
);

CREATE TABLE editions (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    edition         BIGINT NOT NULL
);

CREATE TABLE jobs (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    kind            TEXT   NOT NULL,
    unique_key      TEXT   NOT NULL,
    due_at          BIGINT NOT NULL,
    lease_until     BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    payload         TEXT   NOT NULL,
    last_error      TEXT,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, kind, unique_key)
);
CREATE INDEX jobs_by_due ON jobs (due_at, id);
