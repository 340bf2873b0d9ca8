-- +goose Up
-- A link by which a forgotten password is set anew: one a person, of its token the hash.
CREATE TABLE password_reset (
	person BIGINT PRIMARY KEY REFERENCES person (id),
	token {{bytes}} NOT NULL UNIQUE,
	expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE password_reset;
