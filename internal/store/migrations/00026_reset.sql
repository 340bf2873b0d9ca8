-- +goose Up
-- A link by which a forgotten password is set anew: one a person, of its token the hash.
CREATE TABLE password_reset (
	person BIGINT PRIMARY KEY REFERENCES person (id),
	token {{bytes}} NOT NULL UNIQUE,
	expires_at BIGINT NOT NULL,
	made BIGINT NOT NULL -- 1: by who manages staff; 0: it was asked for
);

-- +goose Down
DROP TABLE password_reset;
