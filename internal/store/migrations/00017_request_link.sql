-- +goose Up
-- How the house's own mail is sent: one row, none as long as nobody set anything. sealed is the password of its server,
-- encrypted; empty when there is none.
CREATE TABLE mail_setting (
	one INTEGER PRIMARY KEY,
	content TEXT NOT NULL,
	sealed {{bytes}} NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL
);
-- What the house wrote to people who work here, once a key. sealed are its words, encrypted, until it is sent or given up;
-- then they are gone and only what became of it is kept.
CREATE TABLE letter (
	id {{id}},
	recipient TEXT NOT NULL,
	kind TEXT NOT NULL,
	letter_key TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL,
	trouble TEXT NOT NULL,
	message_id TEXT NOT NULL UNIQUE,
	at BIGINT NOT NULL,
	settled_at BIGINT NOT NULL,
	sealed {{bytes}} NOT NULL
);
CREATE INDEX letter_settled ON letter (settled_at) WHERE settled_at <> 0;

-- +goose Down
DROP TABLE letter;
DROP TABLE mail_setting;
