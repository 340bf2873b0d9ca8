-- +goose Up
-- What we told contacts we would do, and by when. delivery: the message on its way that says so, 0: it was made otherwise;
-- while that is not sent the promise is 'unsaid'. person 0: whoever of the department keeps it. exact: due_at is a time of day
-- that was said. dated 0: no day was said, and due_at is our own. keeping: the delivery that keeps it once it is sent. proof:
-- the message that kept it, proof_words: how else it was kept. step: how far it was reminded of and escalated.
CREATE TABLE promise (
	id {{id}},
	conversation BIGINT NOT NULL,
	delivery BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	body TEXT NOT NULL,
	kind TEXT NOT NULL,
	words TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	exact INTEGER NOT NULL,
	dated INTEGER NOT NULL,
	at BIGINT NOT NULL,
	state TEXT NOT NULL,
	step INTEGER NOT NULL,
	ring_at BIGINT NOT NULL,
	keeping BIGINT NOT NULL,
	proof BIGINT NOT NULL,
	proof_words TEXT NOT NULL,
	ended_by BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	reason TEXT NOT NULL
);
CREATE INDEX promise_conversation ON promise (conversation, id);
CREATE INDEX promise_delivery ON promise (delivery) WHERE state = 'unsaid';
CREATE INDEX promise_keeping ON promise (keeping) WHERE keeping <> 0;
-- The lists: what is open by when it is due, what has ended by when it did.
CREATE INDEX promise_due ON promise (due_at, id) WHERE state = 'open';
CREATE INDEX promise_due_department ON promise (department, due_at, id) WHERE state = 'open';
CREATE INDEX promise_due_person ON promise (person, due_at, id) WHERE state = 'open' AND person <> 0;
CREATE INDEX promise_ended ON promise (state, ended_at, id);
CREATE INDEX promise_ended_department ON promise (department, state, ended_at, id);
CREATE INDEX promise_ended_person ON promise (person, state, ended_at, id) WHERE person <> 0;
-- What is promised in a conversation just now, and who must deliver it: they see it.
ALTER TABLE conversation ADD COLUMN promised TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE conversation DROP COLUMN promised;
DROP TABLE promise;
