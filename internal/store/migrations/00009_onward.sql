-- +goose Up
-- What nobody takes goes on by itself after so many seconds of business time; 0: never.
ALTER TABLE department ADD COLUMN move_on INTEGER NOT NULL DEFAULT 1800;
-- When a conversation goes on by itself, as nobody took it or as its person leaves, and where it has been on its way. What is
-- open already is looked at again when something next happens to it.
ALTER TABLE conversation ADD COLUMN move_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN leave_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN way TEXT NOT NULL DEFAULT '{}';
-- Who holds what cannot wait: few rows, read often.
CREATE INDEX conversation_urgent ON conversation (person) WHERE person <> 0 AND view = 'open' AND urgency = 2;
-- Whether it went on by itself since: who answers it then says nothing of whose it was.
ALTER TABLE verdict ADD COLUMN went_on INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE verdict DROP COLUMN went_on;
DROP INDEX conversation_urgent;
ALTER TABLE conversation DROP COLUMN way;
ALTER TABLE conversation DROP COLUMN leave_at;
ALTER TABLE conversation DROP COLUMN move_at;
ALTER TABLE department DROP COLUMN move_on;
