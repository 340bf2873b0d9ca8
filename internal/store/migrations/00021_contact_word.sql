-- +goose Up
-- The words by which contacts are found: of their names and of the names and handles of their identities, folded, each once. Sorted
-- by their bytes on both databases, so that those that begin alike stand together. They follow a moment behind, by search_todo.
CREATE TABLE contact_word (
	contact BIGINT NOT NULL,
{{only sqlite}}	word TEXT NOT NULL,
{{only postgres}}	word TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (contact, word)
){{bare}};
CREATE INDEX contact_word_word ON contact_word (word, contact);
-- Those who are there get theirs by and by, the newest first; what is said anew goes before them.
INSERT INTO search_todo (message) SELECT id FROM contact WHERE merged_into = 0 AND erased_at = 0 ON CONFLICT DO NOTHING;

-- +goose Down
DROP TABLE contact_word;
