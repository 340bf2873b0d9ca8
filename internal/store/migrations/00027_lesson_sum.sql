-- +goose Up
-- What the ids of a model's lessons add up to: where a budget is full another lesson takes the place of one that is erased, and their
-- number stays. Of models from before it is not known; they are made anew.
ALTER TABLE model ADD COLUMN lesson_sum BIGINT NOT NULL DEFAULT 0;
DROP INDEX model_seed;
CREATE UNIQUE INDEX model_seed ON model (seed, lesson, learned, lesson_sum);

-- Of two corrections of the same message the later one counts.
UPDATE lesson SET ended = (SELECT min(o.id) FROM lesson o WHERE o.message = lesson.message AND o.id > lesson.id AND o.kind = 'correction'
	AND (o.department = 0) = (lesson.department = 0))
WHERE kind = 'correction' AND ended = 0 AND EXISTS (SELECT 1 FROM lesson o WHERE o.message = lesson.message AND o.id > lesson.id AND o.kind = 'correction'
	AND (o.department = 0) = (lesson.department = 0));

-- +goose Down
DELETE FROM model;
DROP INDEX model_seed;
CREATE UNIQUE INDEX model_seed ON model (seed, lesson, learned);
ALTER TABLE model DROP COLUMN lesson_sum;
