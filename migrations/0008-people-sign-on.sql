-- Ways to sign in besides the password: what is under way, passkeys, and the sign-on of the organisation.

-- A sign-in between its first page and its session. Only the hash of its token is kept; it lives ten minutes.
CREATE TABLE sign_ins (
    jurisdiction_id BIGINT NOT NULL,
    token_hash      TEXT   NOT NULL,
    stage           TEXT   NOT NULL,
    account_id      BIGINT,
    -- What the stage must remember, as JSON: where to go afterwards, a challenge, the number a code was sent to.
    data            TEXT   NOT NULL,
    ends_at         BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, token_hash)
);
CREATE INDEX sign_ins_by_end ON sign_ins (ends_at);

-- Public keys only: nothing here lets anyone sign in.
CREATE TABLE passkeys (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    -- In hexadecimal, as the authenticator named it.
    credential      TEXT   NOT NULL,
    -- The public key, and what changes with every use (counter, backup), as the WebAuthn library writes them.
    public_key      TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    made_at         BIGINT NOT NULL,
    used_at         BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (jurisdiction_id, credential);
CREATE INDEX passkeys_by_account ON passkeys (jurisdiction_id, account_id);

-- An account and the subject that the organisation's provider knows it by. Never by e-mail: an address can change hands.
CREATE TABLE federated_accounts (
    jurisdiction_id BIGINT NOT NULL,
    issuer          TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    account_id      BIGINT NOT NULL,
    bound_at        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, issuer, subject)
);
CREATE UNIQUE INDEX federated_accounts_by_account ON federated_accounts (jurisdiction_id, issuer, account_id);

-- Which of our sessions began with which session there, so that the provider can end them.
CREATE TABLE federated_sessions (
    jurisdiction_id BIGINT NOT NULL,
    session_id      BIGINT NOT NULL,
    issuer          TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    sid             TEXT   NOT NULL,
    begun_at        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, session_id)
);
CREATE INDEX federated_sessions_by_subject ON federated_sessions (jurisdiction_id, issuer, subject);
