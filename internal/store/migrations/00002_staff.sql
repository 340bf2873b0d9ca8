-- +goose Up
CREATE TABLE person (
	id {{id}},
	name TEXT NOT NULL,
	email TEXT NOT NULL UNIQUE,
	password TEXT NOT NULL,
	role TEXT NOT NULL,
	state TEXT NOT NULL,
	zone TEXT NOT NULL,
	hours TEXT NOT NULL,
	skills TEXT NOT NULL,
	languages TEXT NOT NULL,
	capacity INTEGER NOT NULL,
	here INTEGER NOT NULL,
	epoch BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE TABLE department (
	id {{id}},
	name TEXT NOT NULL,
	summary TEXT NOT NULL,
	phrases TEXT NOT NULL,
	intents TEXT NOT NULL,
	stand_in BIGINT NOT NULL,
	operator INTEGER NOT NULL,
	hours TEXT NOT NULL,
	first_response INTEGER NOT NULL,
	next_response INTEGER NOT NULL,
	resolution INTEGER NOT NULL,
	take_back INTEGER NOT NULL,
	retired_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE TABLE membership (
	person BIGINT NOT NULL REFERENCES person (id),
	department BIGINT NOT NULL REFERENCES department (id),
	PRIMARY KEY (person, department)
){{bare}};
CREATE INDEX membership_department ON membership (department);
CREATE TABLE absence (
	id {{id}},
	person BIGINT NOT NULL REFERENCES person (id),
	from_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL,
	note TEXT NOT NULL
);
CREATE INDEX absence_person ON absence (person);
CREATE TABLE invitation (
	id {{id}},
	token {{bytes}} NOT NULL UNIQUE,
	email TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	departments TEXT NOT NULL,
	invited_by BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
);
CREATE TABLE session (
	token {{bytes}} PRIMARY KEY,
	person BIGINT NOT NULL,
	data {{bytes}} NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE api_key (
	id {{id}},
	person BIGINT NOT NULL REFERENCES person (id),
	name TEXT NOT NULL,
	hash {{bytes}} NOT NULL UNIQUE,
	scopes TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL
);
CREATE INDEX api_key_person ON api_key (person);

-- +goose Down
DROP TABLE api_key;
DROP TABLE session;
DROP TABLE invitation;
DROP TABLE absence;
DROP TABLE membership;
DROP TABLE department;
DROP TABLE person;
