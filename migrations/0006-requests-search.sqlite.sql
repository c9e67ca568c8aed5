-- The words of public requests, folded by `language` before they come here. Nothing is kept but the index.
CREATE VIRTUAL TABLE request_search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '._'"
);
INSERT INTO request_search (request_search, rank) VALUES ('automerge', 8);
