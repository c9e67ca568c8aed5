-- The map's index knows the state too: a map of one state over a million requests reads the index, and of the rows
-- only those that it shows.

DROP INDEX service_requests_by_cell;
CREATE INDEX service_requests_by_cell
    ON service_requests (jurisdiction_id, cell, is_open, service_id, is_public, status, id);
