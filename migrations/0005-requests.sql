-- What people ask of the city. A request is never deleted; who reported it is kept apart.

CREATE TABLE service_requests (
    jurisdiction_id BIGINT NOT NULL,
    -- Time-ordered, so that newest first is the order of the key. On SQLite it is the row itself.
    id              /*sqlite INTEGER PRIMARY KEY*/ /*postgres BIGINT NOT NULL*/,
    tracking_code   TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    service_id      BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    is_open         BIGINT NOT NULL,
    is_public       BIGINT NOT NULL,
    priority        TEXT   NOT NULL,
    channel         TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    answers         TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    lat             DOUBLE PRECISION,
    long            DOUBLE PRECISION,
    cell            BIGINT,
    unit_id         BIGINT,
    requested_at    BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    due_at          BIGINT,
    closed_at       BIGINT,
    overdue_noted   BIGINT NOT NULL DEFAULT 0,
    clock           TEXT   NOT NULL,
    status_note     TEXT   NOT NULL,
    duplicate_of    BIGINT,
    followers       BIGINT NOT NULL DEFAULT 0,
    photos          BIGINT NOT NULL DEFAULT 0,
    -- Where it came from: '' for the line itself, else the source of an import, or 'generated'.
    source          TEXT   NOT NULL,
    external_id     TEXT,
    version         BIGINT NOT NULL DEFAULT 1
    /*postgres , PRIMARY KEY (jurisdiction_id, id)*/
);
CREATE UNIQUE INDEX service_requests_by_code ON service_requests (jurisdiction_id, tracking_code);
CREATE UNIQUE INDEX service_requests_by_source ON service_requests (jurisdiction_id, source, external_id) WHERE external_id IS NOT NULL;
/*sqlite CREATE INDEX service_requests_recent ON service_requests (jurisdiction_id, id);*/
CREATE INDEX service_requests_open ON service_requests (jurisdiction_id, id) WHERE is_open = 1;
CREATE INDEX service_requests_by_status ON service_requests (jurisdiction_id, status, id) WHERE status <> 'closed';
CREATE INDEX service_requests_by_district ON service_requests (jurisdiction_id, district_id, id);
CREATE INDEX service_requests_by_neighbourhood ON service_requests (jurisdiction_id, neighbourhood_id, id);
CREATE INDEX service_requests_by_service ON service_requests (jurisdiction_id, service_id, id);
CREATE INDEX service_requests_by_unit ON service_requests (jurisdiction_id, unit_id, due_at, id) WHERE is_open = 1;
-- Covers tiles and near-duplicates without touching the rows.
CREATE INDEX service_requests_by_cell ON service_requests (jurisdiction_id, cell, is_open, service_id, is_public, id);
CREATE INDEX service_requests_by_update ON service_requests (jurisdiction_id, updated_at, id);
CREATE INDEX service_requests_due ON service_requests (jurisdiction_id, due_at, id) WHERE is_open = 1 AND overdue_noted = 0;

CREATE TABLE request_contacts (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    mobile          TEXT   NOT NULL,
    email           TEXT   NOT NULL,
    device          TEXT   NOT NULL,
    account         TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id)
);

CREATE TABLE request_notes (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    visibility      TEXT   NOT NULL CHECK (visibility IN ('public', 'internal')),
    status          TEXT,
    text            TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id, id)
);
CREATE INDEX request_notes_by_time ON request_notes (jurisdiction_id, at, id) WHERE visibility = 'public';

CREATE TABLE request_photos (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    file            TEXT   NOT NULL,
    thumbnail       TEXT   NOT NULL,
    width           BIGINT NOT NULL,
    height          BIGINT NOT NULL,
    stage           TEXT   NOT NULL,
    is_public       BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id, position)
);
CREATE INDEX request_photos_by_file ON request_photos (jurisdiction_id, file);
CREATE INDEX request_photos_by_thumbnail ON request_photos (jurisdiction_id, thumbnail);

-- People who follow a request, or said "me too" instead of reporting it again.
CREATE TABLE request_followers (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    me_too          BIGINT NOT NULL,
    contact         TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id, id),
    UNIQUE (jurisdiction_id, request_id, contact)
);

-- A repeated send answers what the first one answered.
CREATE TABLE idempotency_keys (
    jurisdiction_id BIGINT NOT NULL,
    key             TEXT   NOT NULL,
    body            TEXT   NOT NULL,
    request_id      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, key)
);

-- Kept by a follower: figures by day, and counts by map cell. Nobody scans requests for a figure.
CREATE TABLE request_figures (
    jurisdiction_id BIGINT NOT NULL,
    requested_on    BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    neighbourhood_id BIGINT NOT NULL,
    service_id      BIGINT NOT NULL,
    unit_id         BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    count           BIGINT NOT NULL,
    in_time         BIGINT NOT NULL,
    late            BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, requested_on, district_id, neighbourhood_id, service_id, unit_id, status)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE request_cells (
    jurisdiction_id BIGINT NOT NULL,
    level           BIGINT NOT NULL,
    cell            BIGINT NOT NULL,
    service_id      BIGINT NOT NULL,
    open_count      BIGINT NOT NULL,
    all_count       BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, level, cell, service_id)
) /*sqlite WITHOUT ROWID*/;

-- The words that requests are made of, with how many have them; kept by a follower, for beginnings of words.
CREATE TABLE request_words (
    jurisdiction_id BIGINT NOT NULL,
    word            TEXT /*postgres COLLATE "C"*/ NOT NULL,
    count           BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, word)
) /*sqlite WITHOUT ROWID*/;
