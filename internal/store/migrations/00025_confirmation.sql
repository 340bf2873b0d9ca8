-- +goose Up
-- What turned out right teaches, too: a confirmation, beside the corrections. One that was corrected since teaches no more; ended is the id
-- of what came in its place, by which an older model can be told to have known it rightly.
ALTER TABLE lesson ADD COLUMN kind TEXT NOT NULL DEFAULT 'correction';
ALTER TABLE lesson ADD COLUMN ended BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lesson_kind ON lesson (kind, id);
CREATE INDEX lesson_message ON lesson (message);

-- +goose Down
DELETE FROM lesson WHERE kind <> 'correction';
DROP INDEX lesson_message;
DROP INDEX lesson_kind;
ALTER TABLE lesson DROP COLUMN ended;
ALTER TABLE lesson DROP COLUMN kind;
