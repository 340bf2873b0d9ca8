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
-- Contacts that people have said something of: whose handles others may imitate.
CREATE INDEX contact_stood ON contact (id) WHERE standings <> '[]';

-- +goose Down
DROP INDEX contact_stood;
DROP TABLE conversation_topic;
DROP TABLE topic;
