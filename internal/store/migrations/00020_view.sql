-- +goose Up
-- Lists of the inbox that people keep. audience is me, department or all; filter is what it asks for, as JSON.
CREATE TABLE saved_view (
	id {{id}},
	name TEXT NOT NULL,
	audience TEXT NOT NULL,
	person BIGINT NOT NULL,
	department BIGINT NOT NULL,
	filter TEXT NOT NULL,
	at BIGINT NOT NULL
);
-- In which order somebody has the lists they see.
CREATE TABLE saved_view_place (
	person BIGINT NOT NULL,
	view BIGINT NOT NULL,
	place INTEGER NOT NULL,
	PRIMARY KEY (person, view)
){{bare}};
-- What cannot wait first, then what is due first. 4503599627370496 (2 to the 52nd) is more than any time in microseconds.
CREATE INDEX conversation_priority ON conversation (department, ((2 - urgency) * 4503599627370496 + CASE WHEN clock_due = 0 THEN 4503599627370495 ELSE clock_due END), id) WHERE view = 'open';
-- What is due soon and whose it is, for the board.
CREATE INDEX conversation_due ON conversation (clock_due, department, person) WHERE clock_due <> 0 AND view = 'open';
-- Who says something under one public post.
CREATE INDEX conversation_thread ON conversation (account, thread, department, view) WHERE private = 0;

-- Many messages about one thing in a short time. kind is post, link, hashtag, topic or word; what is which.
CREATE TABLE incident (
	id {{id}},
	kind TEXT NOT NULL,
	what TEXT NOT NULL,
	state TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	ended_by BIGINT NOT NULL,
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	usual BIGINT NOT NULL,
	seen BIGINT NOT NULL
);
CREATE UNIQUE INDEX incident_open ON incident (kind, what) WHERE state = 'open';
CREATE INDEX incident_started ON incident (started_at);
CREATE TABLE incident_conversation (
	incident BIGINT NOT NULL,
	conversation BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (incident, conversation)
){{bare}};
CREATE INDEX incident_conversation_of ON incident_conversation (conversation);

-- How long answers took, for the board.
CREATE INDEX journal_answered ON journal (at) WHERE what IN ('waiting on the contact', 'closed');

-- The full text is made anew: it knows of each thing said whose it is, so that the rights are part of the question.
INSERT INTO search_todo (message) SELECT id FROM (SELECT id FROM message WHERE conversation <> 0 UNION SELECT id FROM note) said WHERE 1 = 1 ON CONFLICT DO NOTHING;

-- +goose Down
DROP INDEX journal_answered;
DROP TABLE incident_conversation;
DROP TABLE incident;
DROP INDEX conversation_thread;
DROP INDEX conversation_due;
DROP INDEX conversation_priority;
DROP TABLE saved_view_place;
DROP TABLE saved_view;
