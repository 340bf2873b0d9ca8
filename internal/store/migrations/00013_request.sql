-- +goose Up
-- What was asked of a person or department inside a conversation. person 0: the department as a whole; from_person 0: the
-- machine asked. answer is what was answered, or why it was withdrawn.
CREATE TABLE request (
	id {{id}},
	conversation BIGINT NOT NULL,
	from_person BIGINT NOT NULL,
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	body TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	at BIGINT NOT NULL,
	state TEXT NOT NULL,
	answer TEXT NOT NULL,
	ended_by BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX request_conversation ON request (conversation, id);
-- What is asked of a department and of a person, what is due first: open ones only.
CREATE INDEX request_department ON request (department, due_at, id) WHERE state = 'open';
CREATE INDEX request_person ON request (person, due_at, id) WHERE state = 'open' AND person <> 0;
-- Of whom something is asked in a conversation just now: they see it.
ALTER TABLE conversation ADD COLUMN asked TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE conversation DROP COLUMN asked;
DROP TABLE request;
