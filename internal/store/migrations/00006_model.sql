-- +goose Up
-- What triage has learned, so that a start need not learn it again and every node judges alike. A row without a body is a
-- node's word that it is at it.
CREATE TABLE model (
	id {{id}},
	seed TEXT NOT NULL,
	lesson BIGINT NOT NULL,
	learned BIGINT NOT NULL,
	score BIGINT NOT NULL,
	tested BIGINT NOT NULL,
	at BIGINT NOT NULL,
	body {{bytes}} NOT NULL
);
CREATE UNIQUE INDEX model_seed ON model (seed, lesson, learned);

-- +goose Down
DROP TABLE model;
