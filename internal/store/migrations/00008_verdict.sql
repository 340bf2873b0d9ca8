-- +goose Up
-- What was thought of a conversation when it opened, and later who really dealt with it. No words: these stay with the message.
-- first is what routing weighed against the threshold, second and third the other suggestions; 0: there was none.
CREATE TABLE verdict (
	conversation BIGINT PRIMARY KEY,
	message BIGINT NOT NULL,
	account BIGINT NOT NULL,
	at BIGINT NOT NULL,
	model BIGINT NOT NULL,
	model_confidence DOUBLE PRECISION NOT NULL,
	first BIGINT NOT NULL,
	confidence DOUBLE PRECISION NOT NULL,
	second BIGINT NOT NULL,
	third BIGINT NOT NULL,
	decided BIGINT NOT NULL,
	decided_by TEXT NOT NULL,
	rule TEXT NOT NULL,
	intent TEXT NOT NULL,
	intent_confidence DOUBLE PRECISION NOT NULL,
	holder BIGINT NOT NULL,
	truth BIGINT NOT NULL,
	settled_at BIGINT NOT NULL,
	settled_how TEXT NOT NULL,
	true_intent TEXT NOT NULL
);
CREATE INDEX verdict_at ON verdict (at, conversation);
CREATE INDEX verdict_settled ON verdict (settled_at) WHERE settled_at <> 0;
-- How far the journal was read for the second half: one row.
CREATE TABLE verdict_reader (one INTEGER PRIMARY KEY, tx BIGINT NOT NULL, seq BIGINT NOT NULL);
{{only sqlite}}INSERT INTO verdict_reader (one, tx, seq) SELECT 1, 0, COALESCE(MAX(seq), 0) FROM journal;
{{only postgres}}INSERT INTO verdict_reader (one, tx, seq) SELECT 1, COALESCE(MAX(tx), 0), 0 FROM journal;
-- The precision a department wants before anything is put through to it unasked, in per cent; 0: the usual.
ALTER TABLE department ADD COLUMN wanted_precision INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE department DROP COLUMN wanted_precision;
DROP TABLE verdict_reader;
DROP TABLE verdict;
