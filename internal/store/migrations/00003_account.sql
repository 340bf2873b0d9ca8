-- +goose Up
CREATE TABLE account (
	id {{id}},
	channel TEXT NOT NULL,
	name TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	handle TEXT NOT NULL,
	url TEXT NOT NULL,
	settings {{bytes}} NOT NULL,
	cursor TEXT NOT NULL,
	limits TEXT NOT NULL,
	state TEXT NOT NULL,
	stopped_at BIGINT NOT NULL,
	checked_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	fetched_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	gap_since BIGINT NOT NULL,
	trouble TEXT NOT NULL,
	next_try BIGINT NOT NULL,
	token_expires BIGINT NOT NULL,
	streaming INTEGER NOT NULL,
	lease_node INTEGER NOT NULL,
	lease_until BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	removed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_remote ON account (channel, remote_id) WHERE removed_at = 0;
CREATE TABLE account_right (
	account BIGINT NOT NULL REFERENCES account (id),
	person BIGINT NOT NULL,
	department BIGINT NOT NULL,
	duty TEXT NOT NULL,
	PRIMARY KEY (account, person, department, duty)
){{bare}};
-- An item that could not be taken in: kept whole, with what is wrong with it.
CREATE TABLE arrival (
	id {{id}},
	account BIGINT NOT NULL,
	remote_id TEXT NOT NULL,
	event {{bytes}} NOT NULL,
	tries INTEGER NOT NULL,
	problem TEXT NOT NULL,
	at BIGINT NOT NULL,
	next_try BIGINT NOT NULL,
	state TEXT NOT NULL
);
CREATE UNIQUE INDEX arrival_item ON arrival (account, remote_id) WHERE state <> 'done';
CREATE INDEX arrival_due ON arrival (next_try) WHERE state = 'trying';
CREATE INDEX arrival_account ON arrival (account, id);
-- A browser's round trip to a far side to connect an account, for ten minutes.
CREATE TABLE connecting (
	state {{bytes}} PRIMARY KEY,
	person BIGINT NOT NULL,
	session {{bytes}} NOT NULL,
	channel TEXT NOT NULL,
	name TEXT NOT NULL,
	kept {{bytes}} NOT NULL,
	expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE connecting;
DROP TABLE arrival;
DROP TABLE account_right;
DROP TABLE account;
