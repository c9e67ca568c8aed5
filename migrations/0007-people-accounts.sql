-- Accounts of citizens and staff, the roles that staff act in, and the proofs of who somebody is. What proves somebody
-- (passwords, codes, tokens) is kept only as a hash; what has to be read again (the secret of a one-time password) is
-- sealed with a key that is not in the database.

CREATE TABLE accounts (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    -- E.164. Citizens sign in with it.
    mobile          TEXT,
    -- Folded. Staff sign in with it.
    sign_name       TEXT,
    email           TEXT,
    language        TEXT   NOT NULL,
    suspended_at    BIGINT,
    -- A PHC string: algorithm, cost, salt and hash.
    password        TEXT,
    password_at     BIGINT,
    -- Set for a first password, which opens nothing but its own change and dies at this moment.
    password_until  BIGINT,
    totp_secret     TEXT,
    totp_pending    TEXT,
    -- The last time step whose password was used, so that each works once.
    totp_step       BIGINT,
    made_at         BIGINT NOT NULL,
    signed_in_at    BIGINT,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, mobile),
    UNIQUE (jurisdiction_id, sign_name)
);

CREATE TABLE memberships (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    role            TEXT   NOT NULL,
    scope           TEXT   NOT NULL CHECK (scope IN ('own', 'unit', 'neighbourhood', 'district', 'city')),
    unit_id         BIGINT,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    state           TEXT   NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'ended')),
    made_at         BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX memberships_by_account ON memberships (jurisdiction_id, account_id);
CREATE INDEX memberships_by_unit ON memberships (jurisdiction_id, unit_id);

CREATE TABLE sessions (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    token_hash      TEXT   NOT NULL,
    account_id      BIGINT NOT NULL,
    assurance       TEXT   NOT NULL,
    agent           TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    began_at        BIGINT NOT NULL,
    seen_at         BIGINT NOT NULL,
    ended_at        BIGINT,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, token_hash)
);
CREATE INDEX sessions_by_account ON sessions (jurisdiction_id, account_id);
CREATE INDEX sessions_by_age ON sessions (jurisdiction_id, began_at);

CREATE TABLE recovery_codes (
    jurisdiction_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    code_hash       TEXT   NOT NULL,
    used_at         BIGINT,
    PRIMARY KEY (jurisdiction_id, account_id, code_hash)
);

-- One-time codes by SMS. The number is kept as a keyed hash, for limits; rows are deleted after a day.
CREATE TABLE sign_codes (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    mobile_hash     TEXT   NOT NULL,
    address_hash    TEXT   NOT NULL,
    browser_hash    TEXT   NOT NULL,
    code_hash       TEXT   NOT NULL,
    made_at         BIGINT NOT NULL,
    tries           BIGINT NOT NULL,
    ended_at        BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX sign_codes_by_mobile ON sign_codes (jurisdiction_id, mobile_hash, made_at);
CREATE INDEX sign_codes_by_address ON sign_codes (jurisdiction_id, address_hash, made_at);
CREATE INDEX sign_codes_by_time ON sign_codes (jurisdiction_id, made_at);

-- Failed attempts by name, by address and by both, as keyed hashes: known and unknown names alike.
CREATE TABLE sign_failures (
    jurisdiction_id BIGINT NOT NULL,
    what            TEXT   NOT NULL,
    failures        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, what)
);
CREATE INDEX sign_failures_by_time ON sign_failures (jurisdiction_id, last_at);

-- One row for each city: whoever changes what must hold over many rows (the last administrator, the codes of an hour)
-- changes it first, so that two machines do so one after the other.
CREATE TABLE account_turns (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    turn            BIGINT NOT NULL
);

-- What a key may be used for (nothing written means whatever its role may), and how often in a minute.
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN per_minute BIGINT;
