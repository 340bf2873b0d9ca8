-- +goose Up
-- What people have begun to write, for them alone, on every device they use: one row a person, conversation and kind (reply,
-- note). A row without words says that there is none any more, so that an older one of another device does not come back.
-- content holds the files that go with it and whom it is for.
CREATE TABLE draft (
	person BIGINT NOT NULL,
	conversation BIGINT NOT NULL,
	kind TEXT NOT NULL,
	body TEXT NOT NULL,
	content TEXT NOT NULL,
	at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (person, conversation, kind)
){{bare}};
CREATE INDEX draft_changed ON draft (changed_at);
-- Who looks at a conversation or writes in it just now, until when that is to be believed. A courtesy: it is not in the journal.
CREATE TABLE presence (
	conversation BIGINT NOT NULL,
	person BIGINT NOT NULL,
	doing TEXT NOT NULL,
	until_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (conversation, person)
){{bare}};
CREATE INDEX presence_changed ON presence (changed_at);
CREATE INDEX presence_until ON presence (until_at);
-- How people like their answers to leave: seconds to take one back, and what becomes of the conversation.
CREATE TABLE habit (person BIGINT PRIMARY KEY, undo INTEGER NOT NULL, then_state TEXT NOT NULL){{bare}};
-- An answer in parts: thread is the id of the first, part counts from 1. Each waits until the one before it is sent.
ALTER TABLE delivery ADD COLUMN thread BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX delivery_thread ON delivery (thread, part) WHERE thread <> 0;

-- +goose Down
DROP INDEX delivery_thread;
ALTER TABLE delivery DROP COLUMN part;
ALTER TABLE delivery DROP COLUMN thread;
DROP TABLE habit;
DROP TABLE presence;
DROP TABLE draft;
