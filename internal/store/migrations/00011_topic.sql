-- +goose Up
-- What people write about. A removed topic is gone; the journal tells what it was.
CREATE TABLE topic (
	key TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	phrases TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	version INTEGER NOT NULL,
	changed_by BIGINT NOT NULL,
	changed_at BIGINT NOT NULL
);
-- Which topics a conversation is on. person said so by hand; 0: it was found in the words. removed: people took it off, and
-- it stays off.
CREATE TABLE conversation_topic (
	conversation BIGINT NOT NULL,
	topic TEXT NOT NULL,
	at BIGINT NOT NULL,
	person BIGINT NOT NULL,
	removed INTEGER NOT NULL,
	PRIMARY KEY (conversation, topic)
){{bare}};
CREATE INDEX conversation_topic_at ON conversation_topic (topic, at, conversation);
-- What people corrected: phrases are suggested from it.
CREATE INDEX conversation_topic_hand ON conversation_topic (at) WHERE person <> 0;
-- What people have answered, as counts only: kind is intent or topic, times how many took so long. It can be made anew from the
-- journal: empty both tables, and the reader begins again.
CREATE TABLE skill_learned (
	person BIGINT NOT NULL,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	count INTEGER NOT NULL,
	times TEXT NOT NULL,
	last_at BIGINT NOT NULL,
	PRIMARY KEY (person, kind, key)
){{bare}};
CREATE TABLE skill_reader (one INTEGER PRIMARY KEY, tx BIGINT NOT NULL, seq BIGINT NOT NULL);
INSERT INTO skill_reader (one, tx, seq) VALUES (1, 0, 0);
-- Contacts that people have said something of: whose handles others may imitate.
CREATE INDEX contact_stood ON contact (id) WHERE standings <> '[]';

-- +goose Down
DROP INDEX contact_stood;
DROP TABLE skill_reader;
DROP TABLE skill_learned;
DROP TABLE conversation_topic;
DROP TABLE topic;
