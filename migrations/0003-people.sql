-- Who answers for what, and which programs may write.

CREATE TABLE units (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('department', 'district', 'organisation', 'external')),
    parent_id       BIGINT,
    district_id     BIGINT,
    retired_at      BIGINT,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code)
);

-- Only the hash of a key is kept; the key itself is shown once, when it is made.
CREATE TABLE api_keys (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    key_hash        TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    role            TEXT   NOT NULL,
    unit_id         BIGINT,
    made_at         BIGINT NOT NULL,
    revoked_at      BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (jurisdiction_id, key_hash);
