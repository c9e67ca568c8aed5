-- Who governs what ground. Borders come in editions; a division that a newer edition no longer has is
-- retired, never deleted, because requests hang on it.

CREATE TABLE jurisdictions (
    id              BIGINT NOT NULL PRIMARY KEY,
    code            TEXT   NOT NULL UNIQUE,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    zone            TEXT   NOT NULL,
    edition         TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    settings        TEXT   NOT NULL
);

CREATE TABLE divisions (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    level           TEXT   NOT NULL CHECK (level IN ('district', 'area', 'neighbourhood')),
    code            TEXT   NOT NULL,
    parent_id       BIGINT,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    population      BIGINT,
    label_lat       DOUBLE PRECISION,
    label_long      DOUBLE PRECISION,
    edition         TEXT   NOT NULL,
    retired_at      BIGINT,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, level, code)
);

-- A border as GeoJSON geometry. Older editions stay readable.
CREATE TABLE borders (
    jurisdiction_id BIGINT NOT NULL,
    division_id     BIGINT NOT NULL,
    edition         TEXT   NOT NULL,
    geometry        TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, division_id, edition)
);

CREATE TABLE landmarks (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    kind            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    PRIMARY KEY (jurisdiction_id, id)
);

CREATE TABLE holidays (
    jurisdiction_id BIGINT NOT NULL,
    held_on         TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    estimated       BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, held_on)
);
