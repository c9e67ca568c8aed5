-- The words of public requests, folded by `language` before they come here.
CREATE TABLE request_search (
    jurisdiction_id BIGINT NOT NULL,
    request_id      BIGINT NOT NULL,
    words           TSVECTOR NOT NULL,
    PRIMARY KEY (jurisdiction_id, request_id)
);
CREATE INDEX request_search_by_word ON request_search USING GIN (words);
