-- +goose Up
-- What must be certain. place is the order; removed rules stay for their history.
CREATE TABLE rule (
	id {{id}},
	version INTEGER NOT NULL,
	place INTEGER NOT NULL,
	name TEXT NOT NULL,
	condition TEXT NOT NULL,
	form TEXT NOT NULL,
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	enabled INTEGER NOT NULL,
	changed_by BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	removed_at BIGINT NOT NULL
);
-- Each version of each rule, with who, when and why. The journal tells it too, but may be kept for fewer days.
CREATE TABLE rule_version (
	rule BIGINT NOT NULL,
	version INTEGER NOT NULL,
	deed TEXT NOT NULL,
	content TEXT NOT NULL,
	why TEXT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (rule, version)
){{bare}};
-- The responsibility map: the highest number is in force. Without a row the departments' own statements are.
CREATE TABLE responsibility (
	number INTEGER PRIMARY KEY,
	content TEXT NOT NULL,
	template TEXT NOT NULL,
	why TEXT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE responsibility;
DROP TABLE rule_version;
DROP TABLE rule;
