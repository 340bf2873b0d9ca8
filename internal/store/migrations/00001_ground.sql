-- +goose Up
-- Times are BIGINT microseconds since 1970, UTC; 0 or NULL means "not yet". Ids are made by the program (see package id).
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE node (number INTEGER PRIMARY KEY, name TEXT NOT NULL, seen_at BIGINT NOT NULL);

-- The append-only record of every change. Readers go by (tx, seq): see package journal.
CREATE TABLE journal (
	seq {{serial}},
	tx BIGINT NOT NULL,
	at BIGINT NOT NULL,
	who TEXT NOT NULL,
	what TEXT NOT NULL,
	conversation BIGINT NOT NULL,
	about TEXT NOT NULL,
	data TEXT NOT NULL
);
{{only postgres}}CREATE INDEX journal_order ON journal (tx, seq);
CREATE INDEX journal_conversation ON journal (conversation, seq) WHERE conversation <> 0;

-- An answer given to a write with an Idempotency-Key, kept a day.
CREATE TABLE idempotency (
	person BIGINT NOT NULL,
	key TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	status INTEGER NOT NULL,
	type TEXT NOT NULL,
	body {{bytes}} NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (person, key)
){{bare}};
CREATE INDEX idempotency_at ON idempotency (at);

-- +goose Down
DROP TABLE idempotency;
DROP TABLE journal;
DROP TABLE node;
DROP TABLE setting;
DROP TABLE meta;
