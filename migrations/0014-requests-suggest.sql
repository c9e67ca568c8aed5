-- What the city learned about the words of its people: one model, made anew at night from the newest requests. It can
-- be thrown away at any time.

CREATE TABLE suggestion_models (
    jurisdiction_id BIGINT NOT NULL PRIMARY KEY,
    -- New with each lesson: a copy in memory is used while this is its number.
    id              BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    newest_request  BIGINT NOT NULL,
    examples        BIGINT NOT NULL,
    model           /*sqlite BLOB*/ /*postgres BYTEA*/ NOT NULL
);
