-- +goose Up
-- Which language model is asked about messages triage was not sure of: one row, none as long as nobody set anything.
-- sealed is its key, encrypted; empty when it wants none.
CREATE TABLE advice_setting (
	one INTEGER PRIMARY KEY,
	content TEXT NOT NULL,
	sealed {{bytes}} NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL
);
-- What was asked on a day of the house, and how much of it was answered.
CREATE TABLE advice_day (
	day TEXT PRIMARY KEY,
	calls BIGINT NOT NULL,
	tokens BIGINT NOT NULL,
	answers BIGINT NOT NULL,
	failures BIGINT NOT NULL
){{bare}};
-- How it is with the model: one row. failing counts failures in a row.
CREATE TABLE advice_health (
	one INTEGER PRIMARY KEY,
	failing BIGINT NOT NULL,
	paused_until BIGINT NOT NULL,
	trouble TEXT NOT NULL,
	at BIGINT NOT NULL
);
INSERT INTO advice_health (one, failing, paused_until, trouble, at) VALUES (1, 0, 0, '', 0);
-- What a model said of a message, beside what triage did. No words: only what was offered to choose from.
CREATE TABLE advice (
	message BIGINT PRIMARY KEY,
	conversation BIGINT NOT NULL,
	model TEXT NOT NULL,
	intent TEXT NOT NULL,
	departments TEXT NOT NULL,
	needs TEXT NOT NULL,
	urgency TEXT NOT NULL,
	millis BIGINT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX advice_conversation ON advice (conversation);

-- +goose Down
DROP TABLE advice;
DROP TABLE advice_health;
DROP TABLE advice_day;
DROP TABLE advice_setting;
