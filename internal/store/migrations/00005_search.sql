-- +goose Up
-- Full text follows a second behind: waiting rows are taken from search_todo in batches.
CREATE TABLE search_todo (message {{id}});
{{only sqlite}}CREATE VIRTUAL TABLE search USING fts5 (words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
{{only postgres}}CREATE TABLE search (message BIGINT PRIMARY KEY, words tsvector NOT NULL);
{{only postgres}}CREATE INDEX search_words ON search USING gin (words);

-- +goose Down
DROP TABLE search;
DROP TABLE search_todo;
