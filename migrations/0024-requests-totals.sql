-- The figures once more, without neighbourhood, service and unit: what the first page of a large city can add up in a
-- moment. Day -1000000 is the sum of all days.
CREATE TABLE request_totals (
    jurisdiction_id BIGINT NOT NULL,
    requested_on    BIGINT NOT NULL,
    district_id     BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    count           BIGINT NOT NULL,
    in_time         BIGINT NOT NULL,
    late            BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, requested_on, district_id, status)
) /*sqlite WITHOUT ROWID*/;

INSERT INTO request_totals (jurisdiction_id, requested_on, district_id, status, count, in_time, late)
SELECT jurisdiction_id, requested_on, district_id, status, SUM(count), SUM(in_time), SUM(late)
FROM request_figures GROUP BY jurisdiction_id, requested_on, district_id, status;

INSERT INTO request_totals (jurisdiction_id, requested_on, district_id, status, count, in_time, late)
SELECT jurisdiction_id, -1000000, district_id, status, SUM(count), SUM(in_time), SUM(late)
FROM request_figures GROUP BY jurisdiction_id, district_id, status;
