-- +goose Up
-- Browsers that somebody has signed in from: of the token each keeps the hash. One of an earlier epoch is not known any more.
CREATE TABLE device (
	token {{bytes}} PRIMARY KEY,
	person BIGINT NOT NULL REFERENCES person (id),
	epoch BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX device_person ON device (person, expires_at);

-- +goose Down
DROP TABLE device;
