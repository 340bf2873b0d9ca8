-- +goose Up
CREATE TABLE contact (
	id {{id}},
	name TEXT NOT NULL,
	standings TEXT NOT NULL,
	note TEXT NOT NULL,
	language TEXT NOT NULL,
	answered_by BIGINT NOT NULL,
	answered_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE TABLE identity (
	id {{id}},
	contact BIGINT NOT NULL,
	channel TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	handle TEXT NOT NULL,
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	avatar TEXT NOT NULL,
	followers INTEGER NOT NULL,
	facts INTEGER NOT NULL
);
CREATE UNIQUE INDEX identity_remote ON identity (channel, remote_id);
CREATE INDEX identity_contact ON identity (contact);

CREATE TABLE conversation (
	id {{id}},
	account BIGINT NOT NULL,
	contact BIGINT NOT NULL,
	thread TEXT NOT NULL,
	private INTEGER NOT NULL,
	state TEXT NOT NULL,
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	claimed_at BIGINT NOT NULL,
	subject TEXT NOT NULL,
	excerpt TEXT NOT NULL,
	intents TEXT NOT NULL,
	urgency INTEGER NOT NULL,
	needs TEXT NOT NULL,
	language TEXT NOT NULL,
	decision TEXT NOT NULL,
	tags TEXT NOT NULL,
	messages INTEGER NOT NULL,
	last_message BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	last_in_at BIGINT NOT NULL,
	answered_at BIGINT NOT NULL,
	answered_by BIGINT NOT NULL,
	clock TEXT NOT NULL,
	clock_start BIGINT NOT NULL,
	clock_warn BIGINT NOT NULL,
	clock_due BIGINT NOT NULL,
	clock_state TEXT NOT NULL,
	resolve_warn BIGINT NOT NULL,
	resolve_due BIGINT NOT NULL,
	resolve_state TEXT NOT NULL,
	alarm_at BIGINT NOT NULL,
	take_back_at BIGINT NOT NULL,
	snoozed_until BIGINT NOT NULL,
	opened_at BIGINT NOT NULL,
	closed_at BIGINT NOT NULL,
	view TEXT NOT NULL
);
-- One conversation a person on a thread: what they say later reopens it.
CREATE UNIQUE INDEX conversation_whose ON conversation (contact, account, thread);
-- The views of the inbox. view is open, aside, waiting, snoozed or closed: one index entry a row and order.
CREATE INDEX conversation_newest ON conversation (view, last_at, id);
CREATE INDEX conversation_department ON conversation (department, view, last_at, id);
CREATE INDEX conversation_person ON conversation (person, view, last_at, id) WHERE person <> 0;
CREATE INDEX conversation_unowned ON conversation (department, last_at, id) WHERE person = 0 AND view = 'open';
CREATE INDEX conversation_clock ON conversation (department, clock_due, id) WHERE clock_due <> 0 AND view = 'open';
CREATE INDEX conversation_alarm ON conversation (alarm_at) WHERE alarm_at <> 0;

CREATE TABLE message (
	id {{id}},
	conversation BIGINT NOT NULL,
	account BIGINT NOT NULL,
	remote_id TEXT NOT NULL,
	uri TEXT NOT NULL,
	version TEXT NOT NULL,
	direction TEXT NOT NULL,
	kind TEXT NOT NULL,
	private INTEGER NOT NULL,
	identity BIGINT NOT NULL,
	person BIGINT NOT NULL,
	parent TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	rest TEXT NOT NULL,
	assessment TEXT NOT NULL,
	at BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	edited_at BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX message_remote ON message (account, remote_id);
CREATE UNIQUE INDEX message_uri ON message (uri) WHERE uri <> '';
CREATE INDEX message_conversation ON message (conversation, at, id);
-- A message seen by a further account of ours, or heard to be deleted before it was heard of.
CREATE TABLE sighting (
	account BIGINT NOT NULL,
	remote_id TEXT NOT NULL,
	message BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL,
	PRIMARY KEY (account, remote_id)
){{bare}};
CREATE TABLE message_version (
	message BIGINT NOT NULL,
	version TEXT NOT NULL,
	body TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (message, version)
){{bare}};
CREATE TABLE raw (message {{id}}, connector TEXT NOT NULL, body {{bytes}} NOT NULL);
CREATE TABLE media (
	id {{id}},
	message BIGINT NOT NULL,
	place INTEGER NOT NULL,
	type TEXT NOT NULL,
	name TEXT NOT NULL,
	alt TEXT NOT NULL,
	url TEXT NOT NULL,
	size BIGINT NOT NULL,
	body {{bytes}}
);
CREATE INDEX media_message ON media (message, place);

CREATE TABLE note (
	id {{id}},
	conversation BIGINT NOT NULL,
	person BIGINT NOT NULL,
	body TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX note_conversation ON note (conversation, id);
CREATE TABLE reading (
	person BIGINT NOT NULL,
	conversation BIGINT NOT NULL,
	message BIGINT NOT NULL,
	PRIMARY KEY (person, conversation)
){{bare}};
-- How many conversations a view holds, as changes to be summed: nobody waits for another's row.
CREATE TABLE tally (
	seq {{serial}},
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	view TEXT NOT NULL,
	n BIGINT NOT NULL
);

CREATE TABLE delivery (
	id {{id}},
	key TEXT NOT NULL UNIQUE,
	conversation BIGINT NOT NULL,
	account BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	person BIGINT NOT NULL,
	approved_by BIGINT NOT NULL,
	private INTEGER NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	content TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	then_state TEXT NOT NULL,
	tries INTEGER NOT NULL,
	fence BIGINT NOT NULL,
	lease_until BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	remote_id TEXT NOT NULL,
	url TEXT NOT NULL,
	message BIGINT NOT NULL
);
CREATE INDEX delivery_conversation ON delivery (conversation, id);
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX delivery_account ON delivery (account, state, id) WHERE state IN ('held', 'queued', 'sending', 'unknown', 'failed');
CREATE INDEX delivery_state ON delivery (state, id) WHERE state IN ('held', 'unknown', 'failed');
CREATE INDEX delivery_remote ON delivery (account, remote_id) WHERE remote_id <> '';
CREATE TABLE upload (
	id {{id}},
	person BIGINT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	body {{bytes}} NOT NULL,
	at BIGINT NOT NULL
);

-- What people moved, claimed and corrected: triage learns from it.
CREATE TABLE lesson (
	id {{id}},
	message BIGINT NOT NULL,
	contact BIGINT NOT NULL,
	department BIGINT NOT NULL,
	intent TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX lesson_contact ON lesson (contact);

-- +goose Down
DROP TABLE lesson;
DROP TABLE upload;
DROP TABLE delivery;
DROP TABLE tally;
DROP TABLE reading;
DROP TABLE note;
DROP TABLE media;
DROP TABLE raw;
DROP TABLE message_version;
DROP TABLE sighting;
DROP TABLE message;
DROP TABLE conversation;
DROP TABLE identity;
DROP TABLE contact;
