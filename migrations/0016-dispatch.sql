-- Crews, their shifts, and the work that they are given. Moments are milliseconds UTC, lengths are seconds. Lists of
-- codes (skills, equipment) are written with one blank between them, in order.

-- Kinds of work, from the city pack: how long, by whom, with what, proved how. Read as one, never queried.
CREATE TABLE job_types (
    jurisdiction_id BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    definition      TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, code)
) /*sqlite WITHOUT ROWID*/;

-- How long it really took, by kind of work and district (0: the whole city): a running mean and its spread.
CREATE TABLE work_durations (
    jurisdiction_id BIGINT NOT NULL,
    job_type        TEXT   NOT NULL,
    district_id     BIGINT NOT NULL,
    count           BIGINT NOT NULL,
    mean            DOUBLE PRECISION NOT NULL,
    -- Sum of squared differences from the mean (Welford 1962).
    spread          DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (jurisdiction_id, job_type, district_id)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE crews (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    code            TEXT   NOT NULL,
    name_fa         TEXT   NOT NULL,
    name_en         TEXT   NOT NULL,
    -- own, contractor, volunteer
    kind            TEXT   NOT NULL,
    -- The unit that it belongs to; of a contractor's crew, the contractor, which is an external unit.
    unit_id         BIGINT,
    district_id     BIGINT,
    base_lat        DOUBLE PRECISION NOT NULL,
    base_long       DOUBLE PRECISION NOT NULL,
    people          BIGINT NOT NULL,
    skills          TEXT   NOT NULL,
    equipment       TEXT   NOT NULL,
    vehicle         TEXT   NOT NULL,
    -- What the vehicle holds, kilograms, litres, pieces.
    kilograms       BIGINT NOT NULL,
    litres          BIGINT NOT NULL,
    pieces          BIGINT NOT NULL,
    -- Materials on board by code, as JSON.
    stock           TEXT   NOT NULL,
    is_active       BIGINT NOT NULL,
    -- off-duty, on-duty, on-the-way, on-site, on-break, out-of-service
    status          TEXT   NOT NULL,
    status_at       BIGINT NOT NULL,
    -- The order that it is going to or working on.
    order_id        BIGINT,
    -- Where it was last, and when that was, by our clock.
    lat             DOUBLE PRECISION,
    long            DOUBLE PRECISION,
    accuracy        BIGINT,
    position_at     BIGINT,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX crews_by_code ON crews (jurisdiction_id, code);
CREATE INDEX crews_by_district ON crews (jurisdiction_id, district_id, id) WHERE is_active = 1;
CREATE INDEX crews_by_unit ON crews (jurisdiction_id, unit_id, id);

CREATE TABLE crew_members (
    jurisdiction_id BIGINT NOT NULL,
    crew_id         BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    leads           BIGINT NOT NULL,
    since           BIGINT NOT NULL,
    until           BIGINT,
    PRIMARY KEY (jurisdiction_id, crew_id, account_id, since)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX crew_members_by_account ON crew_members (jurisdiction_id, account_id) WHERE until IS NULL;

CREATE TABLE shifts (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    crew_id         BIGINT NOT NULL,
    starts_at       BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    -- Work after the end is allowed until then.
    overtime_until  BIGINT,
    -- A pause of so many seconds begins between these two.
    break_from      BIGINT,
    break_to        BIGINT,
    break_length    BIGINT,
    -- planned, begun, ended, cancelled
    state           TEXT   NOT NULL,
    begun_at        BIGINT,
    ended_at        BIGINT,
    -- When the crew allowed its position to be read in this shift; NULL when it did not.
    consent_at      BIGINT,
    -- What the next shift should know.
    handover        TEXT   NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX shifts_by_crew ON shifts (jurisdiction_id, crew_id, starts_at);
CREATE INDEX shifts_by_time ON shifts (jurisdiction_id, ends_at, starts_at);

-- The trail of a crew on shift, thrown away after some weeks.
CREATE TABLE crew_positions (
    jurisdiction_id BIGINT NOT NULL,
    crew_id         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    device_at       BIGINT NOT NULL,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    accuracy        BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, crew_id, at)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX crew_positions_by_time ON crew_positions (jurisdiction_id, at);

-- A crew of one district works in another for a while.
CREATE TABLE district_aid (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    from_district   BIGINT NOT NULL,
    to_district     BIGINT NOT NULL,
    crew_id         BIGINT,
    skills          TEXT   NOT NULL,
    words           TEXT   NOT NULL,
    -- asked, granted, refused, ended
    state           TEXT   NOT NULL,
    asked_at        BIGINT NOT NULL,
    starts_at       BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX district_aid_open ON district_aid (jurisdiction_id, to_district, id) WHERE state IN ('asked', 'granted');

-- Work that comes again: cleaning an inlet before winter, a patrol of lamps.
CREATE TABLE work_routines (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    job_type        TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    address         TEXT   NOT NULL,
    every_days      BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,
    is_active       BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX work_routines_due ON work_routines (jurisdiction_id, next_at) WHERE is_active = 1;

-- The last number that an order of a year was given.
CREATE TABLE work_order_numbers (
    jurisdiction_id BIGINT NOT NULL,
    year            BIGINT NOT NULL,
    last            BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, year)
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE work_orders (
    jurisdiction_id BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- What people call it: a year's running number.
    code            TEXT   NOT NULL,
    -- request, incident, hand, routine, objection
    origin          TEXT   NOT NULL,
    request_id      BIGINT,
    incident_id     BIGINT,
    routine_id      BIGINT,
    job_type        TEXT   NOT NULL,
    service_id      BIGINT,
    unit_id         BIGINT,
    district_id     BIGINT,
    neighbourhood_id BIGINT,
    lat             DOUBLE PRECISION NOT NULL,
    long            DOUBLE PRECISION NOT NULL,
    cell            BIGINT NOT NULL,
    address         TEXT   NOT NULL,
    -- For the crew.
    words           TEXT   NOT NULL,
    -- immediate, two-hours, day, planned
    urgency         TEXT   NOT NULL,
    -- Danger to life, 0 to 3.
    danger          BIGINT NOT NULL,
    -- open, assigned, on-the-way, on-site, done, not-done, checked, cancelled
    status          TEXT   NOT NULL,
    -- 1 while somebody still has to go there.
    is_open         BIGINT NOT NULL,
    people          BIGINT NOT NULL,
    skills          TEXT   NOT NULL,
    equipment       TEXT   NOT NULL,
    kilograms       BIGINT NOT NULL,
    litres          BIGINT NOT NULL,
    pieces          BIGINT NOT NULL,
    duration        BIGINT NOT NULL,
    -- One standard deviation of it.
    duration_spread BIGINT NOT NULL,
    due_at          BIGINT,
    not_before      BIGINT,
    not_after       BIGINT,
    -- Must be finished before this one begins.
    after_order     BIGINT,
    -- 1 for the first visit; the visit before it, when it is another one.
    visit           BIGINT NOT NULL,
    earlier_visit   BIGINT,
    -- Orders at one place that go together carry the number of the first.
    together        BIGINT,
    -- The external unit that has it, under which contract, and whether it is paid: a second visit after an objection is not.
    contractor_id   BIGINT,
    contract_id     BIGINT,
    is_paid         BIGINT NOT NULL,
    crew_id         BIGINT,
    -- Place among the stops of the crew, and the times that the published plan says.
    stop            BIGINT,
    planned_at      BIGINT,
    planned_end     BIGINT,
    -- 1 when a dispatcher wants it to stay with this crew.
    is_locked       BIGINT NOT NULL,
    -- Why nobody has it, or why it was not done: a code.
    reason          TEXT   NOT NULL,
    made_at         BIGINT NOT NULL,
    assigned_at     BIGINT,
    on_the_way_at   BIGINT,
    on_site_at      BIGINT,
    ended_at        BIGINT,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE UNIQUE INDEX work_orders_by_code ON work_orders (jurisdiction_id, code);
CREATE INDEX work_orders_open ON work_orders (jurisdiction_id, district_id, id) WHERE is_open = 1;
CREATE INDEX work_orders_by_crew ON work_orders (jurisdiction_id, crew_id, stop) WHERE is_open = 1;
CREATE INDEX work_orders_ended ON work_orders (jurisdiction_id, ended_at, id) WHERE is_open = 0;
CREATE INDEX work_orders_of_crew ON work_orders (jurisdiction_id, crew_id, ended_at) WHERE is_open = 0;
CREATE INDEX work_orders_of_contractor ON work_orders (jurisdiction_id, contractor_id, id) WHERE contractor_id IS NOT NULL;
CREATE INDEX work_orders_of_request ON work_orders (jurisdiction_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX work_orders_of_incident ON work_orders (jurisdiction_id, incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX work_orders_by_cell ON work_orders (jurisdiction_id, cell) WHERE is_open = 1;

-- What the crew brought back: photos before and after, checks, materials, quantities, words. Never changed.
CREATE TABLE work_evidence (
    jurisdiction_id BIGINT NOT NULL,
    order_id        BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    -- before, after, check, material, quantity, note
    kind            TEXT   NOT NULL,
    crew_id         BIGINT,
    account_id      BIGINT,
    -- By our clock, and by the telephone's.
    at              BIGINT NOT NULL,
    device_at       BIGINT,
    lat             DOUBLE PRECISION,
    long            DOUBLE PRECISION,
    -- The photo, in the files of the database.
    file            TEXT,
    -- The rest of it, as JSON.
    content         TEXT   NOT NULL,
    PRIMARY KEY (jurisdiction_id, order_id, id)
) /*sqlite WITHOUT ROWID*/;

-- A city that was there before orders were begins with what happens from now on.
INSERT INTO follower_cursors (jurisdiction_id, name, seq) SELECT jurisdiction_id, 'dispatch-orders', seq FROM journal_heads;
