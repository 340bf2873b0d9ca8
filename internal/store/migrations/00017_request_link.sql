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

-- How much who is asked may see (shows: '' the conversation, message, question), whether it is asked by e-mail too, by which way
-- it was answered, which request took its place, and who is asked besides as it was late.
ALTER TABLE request ADD COLUMN shows TEXT NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN message BIGINT NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN mail INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN next BIGINT NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN stand_in BIGINT NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN stand_in_of BIGINT NOT NULL DEFAULT 0;
CREATE INDEX request_stand_in ON request (stand_in) WHERE state = 'open' AND stand_in <> 0;
CREATE INDEX request_stand_in_of ON request (stand_in_of) WHERE state = 'open' AND stand_in_of <> 0;
-- A link by which one person answers one request without signing in. token is a hash.
CREATE TABLE request_link (
	token {{bytes}} PRIMARY KEY,
	request BIGINT NOT NULL,
	person BIGINT NOT NULL,
	letter BIGINT NOT NULL,
	at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
){{bare}};
CREATE INDEX request_link_expires ON request_link (expires_at);
-- Mails that were taken for the answer to a request: told of again, they are known.
CREATE TABLE request_mail (
	account BIGINT NOT NULL,
	remote_id TEXT NOT NULL,
	request BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (account, remote_id)
){{bare}};

-- +goose Down
DROP TABLE request_mail;
DROP TABLE request_link;
DROP INDEX request_stand_in_of;
DROP INDEX request_stand_in;
ALTER TABLE request DROP COLUMN stand_in_of;
ALTER TABLE request DROP COLUMN stand_in;
ALTER TABLE request DROP COLUMN next;
ALTER TABLE request DROP COLUMN way;
ALTER TABLE request DROP COLUMN mail;
ALTER TABLE request DROP COLUMN message;
ALTER TABLE request DROP COLUMN shows;
DROP TABLE letter;
DROP TABLE mail_setting;
