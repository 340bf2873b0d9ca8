-- +goose Up
-- What people were told of. fold is what an unread one is one with: what comes to it meanwhile is counted. about is the thing
-- it leads to when that is no conversation. No words of anybody: only who, what and where.
CREATE TABLE notification (
	id {{id}},
	person BIGINT NOT NULL,
	kind TEXT NOT NULL,
	what TEXT NOT NULL,
	fold TEXT NOT NULL,
	conversation BIGINT NOT NULL,
	department BIGINT NOT NULL,
	about TEXT NOT NULL,
	who TEXT NOT NULL,
	count INTEGER NOT NULL,
	at BIGINT NOT NULL,
	read_at BIGINT NOT NULL
);
CREATE INDEX notification_person ON notification (person, at, id);
CREATE UNIQUE INDEX notification_fold ON notification (person, fold) WHERE read_at = 0;
CREATE INDEX notification_unread ON notification (person, conversation) WHERE read_at = 0;
CREATE INDEX notification_at ON notification (at);
-- What still goes out to a person by push or mail, and from when on. at is that of the notification when it was put here.
CREATE TABLE notification_wait (
	notification BIGINT NOT NULL,
	way TEXT NOT NULL,
	person BIGINT NOT NULL,
	ready_at BIGINT NOT NULL,
	at BIGINT NOT NULL,
	tries INTEGER NOT NULL,
	PRIMARY KEY (notification, way)
){{bare}};
CREATE INDEX notification_wait_ready ON notification_wait (ready_at);
CREATE INDEX notification_wait_person ON notification_wait (person, way, ready_at);
-- When somebody was last told by that way: not again within a minute.
CREATE TABLE notification_pace (
	person BIGINT NOT NULL,
	way TEXT NOT NULL,
	sent_at BIGINT NOT NULL,
	PRIMARY KEY (person, way)
){{bare}};
CREATE TABLE notification_setting (person BIGINT PRIMARY KEY, content TEXT NOT NULL, at BIGINT NOT NULL){{bare}};
CREATE TABLE notification_reader (one INTEGER PRIMARY KEY, tx BIGINT NOT NULL, seq BIGINT NOT NULL);
INSERT INTO notification_reader (one, tx, seq) VALUES (1, -1, -1);
-- The key by which push services know us, and the browsers that want to be told. hash is of the address, which is sealed.
CREATE TABLE push_key (one INTEGER PRIMARY KEY, public TEXT NOT NULL, sealed {{bytes}} NOT NULL, at BIGINT NOT NULL);
CREATE TABLE push_device (
	id {{id}},
	person BIGINT NOT NULL,
	session TEXT NOT NULL,
	name TEXT NOT NULL,
	hash {{bytes}} NOT NULL UNIQUE,
	sealed {{bytes}} NOT NULL,
	created_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL
);
CREATE INDEX push_device_person ON push_device (person);
CREATE INDEX push_device_session ON push_device (session);
-- Chat rooms that are told. department 0: of the whole company. The address is a secret and sealed.
CREATE TABLE chat_hook (
	id {{id}},
	name TEXT NOT NULL,
	form TEXT NOT NULL,
	department BIGINT NOT NULL,
	host TEXT NOT NULL,
	sealed {{bytes}} NOT NULL,
	kinds TEXT NOT NULL,
	words INTEGER NOT NULL,
	paused_at BIGINT NOT NULL,
	failing INTEGER NOT NULL,
	trouble TEXT NOT NULL,
	trouble_at BIGINT NOT NULL,
	tried_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE TABLE chat_wait (
	id {{id}},
	hook BIGINT NOT NULL,
	kind TEXT NOT NULL,
	what TEXT NOT NULL,
	conversation BIGINT NOT NULL,
	department BIGINT NOT NULL,
	about TEXT NOT NULL,
	who TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX chat_wait_hook ON chat_wait (hook, id);

-- +goose Down
DROP TABLE chat_wait;
DROP TABLE chat_hook;
DROP TABLE push_device;
DROP TABLE push_key;
DROP TABLE notification_reader;
DROP TABLE notification_setting;
DROP TABLE notification_pace;
DROP TABLE notification_wait;
DROP TABLE notification;
