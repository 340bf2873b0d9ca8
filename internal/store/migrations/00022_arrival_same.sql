-- +goose Up
-- What happened to one message at the far side may fail at several points: each is kept and tried, the same twice is kept once.
ALTER TABLE arrival ADD COLUMN same TEXT NOT NULL DEFAULT '';
DROP INDEX arrival_item;
CREATE UNIQUE INDEX arrival_item ON arrival (account, remote_id, same) WHERE state <> 'done';

-- +goose Down
DROP INDEX arrival_item;
ALTER TABLE arrival DROP COLUMN same;
DELETE FROM arrival WHERE state <> 'done' AND EXISTS
	(SELECT 1 FROM arrival a WHERE a.account = arrival.account AND a.remote_id = arrival.remote_id AND a.state <> 'done' AND a.id < arrival.id);
CREATE UNIQUE INDEX arrival_item ON arrival (account, remote_id) WHERE state <> 'done';
