-- What is sent to people and what they send back. Numbers and texts stand here and nowhere in the journal.

-- Sent in the order of ids for each recipient; `waiting` is 1 while something is still to be done.
CREATE TABLE notice_outbox (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- The same key is the same message for ever; the gateway is told it too.
    key             TEXT   NOT NULL,
    channel         TEXT   NOT NULL CHECK (channel IN ('sms', 'email', 'push')),
    recipient       TEXT   NOT NULL,
    template        TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    text            TEXT   NOT NULL,
    request_id      BIGINT,
    urgent          BIGINT NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed')),
    waiting         BIGINT NOT NULL,
    reason          TEXT   NOT NULL,
    attempts        BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,
    lease_until     BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    gateway         TEXT   NOT NULL,
    gateway_id      TEXT,
    parts           BIGINT NOT NULL,
    cost            BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    sent_at         BIGINT,
    delivered_at    BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX notice_outbox_by_key ON notice_outbox (jurisdiction_id, key);
CREATE INDEX notice_outbox_due ON notice_outbox (jurisdiction_id, next_at, id) WHERE waiting = 1;
CREATE INDEX notice_outbox_lines ON notice_outbox (jurisdiction_id, channel, recipient, id) WHERE waiting = 1;
CREATE INDEX notice_outbox_by_gateway ON notice_outbox (jurisdiction_id, gateway, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX notice_outbox_by_state ON notice_outbox (jurisdiction_id, state, id);
CREATE INDEX notice_outbox_kept ON notice_outbox (jurisdiction_id, made_at, id) WHERE recipient <> '';
CREATE INDEX notice_outbox_by_request ON notice_outbox (jurisdiction_id, request_id, id);

-- Reports may come before the answer to the sending, and more than once.
CREATE TABLE notice_reports (
    jurisdiction_id BIGINT NOT NULL,
    gateway         TEXT   NOT NULL,
    gateway_id      TEXT   NOT NULL,
    delivered       BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, gateway, gateway_id, delivered)
);

-- How well a gateway did lately: shares that fade, and how long it is left alone.
CREATE TABLE notice_gateways (
    jurisdiction_id BIGINT NOT NULL,
    gateway         TEXT   NOT NULL,
    good            DOUBLE PRECISION NOT NULL,
    bad             DOUBLE PRECISION NOT NULL,
    measured_at     BIGINT NOT NULL,
    failures        BIGINT NOT NULL,
    rest_until      BIGINT NOT NULL,
    last_error      TEXT   NOT NULL,
    last_error_at   BIGINT,
    PRIMARY KEY (jurisdiction_id, gateway)
);

-- Whoever asked for no more news.
CREATE TABLE notice_opt_outs (
    jurisdiction_id BIGINT NOT NULL,
    recipient       TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, recipient)
);

-- What people sent us. One message of a gateway is one row, however often it is handed over.
CREATE TABLE notice_inbound (
    jurisdiction_id BIGINT NOT NULL,
    gateway         TEXT   NOT NULL,
    message_id      TEXT   NOT NULL,
    id              BIGINT NOT NULL,
    sender          TEXT   NOT NULL,
    text            TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    understood      TEXT   NOT NULL,
    request_id      BIGINT,
    PRIMARY KEY (jurisdiction_id, gateway, message_id)
);
CREATE INDEX notice_inbound_recent ON notice_inbound (jurisdiction_id, id);
CREATE INDEX notice_inbound_kept ON notice_inbound (jurisdiction_id, at) WHERE sender <> '';
CREATE INDEX notice_inbound_by_sender ON notice_inbound (jurisdiction_id, sender, id);

-- Half of a message to the city, until its sender says the rest.
CREATE TABLE notice_drafts (
    jurisdiction_id BIGINT NOT NULL,
    sender          TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    expires_at      BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, sender)
);

-- Browsers that asked for news of a request.
CREATE TABLE notice_browsers (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    endpoint        TEXT   NOT NULL,
    p256dh          TEXT   NOT NULL,
    auth            TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id, id),
    UNIQUE (jurisdiction_id, request_id, endpoint)
);
CREATE INDEX notice_browsers_by_endpoint ON notice_browsers (jurisdiction_id, endpoint);

-- Counts and costs by day; they stay when the messages are forgotten.
CREATE TABLE notice_days (
    jurisdiction_id BIGINT NOT NULL,
    day             BIGINT NOT NULL,
    channel         TEXT   NOT NULL,
    gateway         TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    messages        BIGINT NOT NULL,
    parts           BIGINT NOT NULL,
    cost            BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, day, channel, gateway, outcome)
);

-- The city's own wishes: quiet hours, reply words, its own wording; and the address that links begin with.
CREATE TABLE notice_settings (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    settings        TEXT   NOT NULL,
    address         TEXT   NOT NULL
);

-- A city that was there before begins to send with what happens from now on.
INSERT INTO follower_cursors (jurisdiction_id, name, seq) SELECT jurisdiction_id, 'notices', seq FROM journal_heads;
