-- +goose Up
-- Answers and know-how. A text a language; every version is kept whole, as JSON. Whom an entry is for: departments, [] for everybody.
CREATE TABLE answer (
	id {{id}},
	department BIGINT NOT NULL,
	person BIGINT NOT NULL,
	audience TEXT NOT NULL,
	review_at BIGINT NOT NULL,
	topics TEXT NOT NULL,
	intents TEXT NOT NULL,
	tags TEXT NOT NULL,
	departments TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_by BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	changed_by BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	archived_at BIGINT NOT NULL,
	up INTEGER NOT NULL,
	down INTEGER NOT NULL
);
CREATE INDEX answer_department ON answer (department);
CREATE TABLE answer_text (
	id {{id}},
	answer BIGINT NOT NULL,
	language TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL
);
CREATE UNIQUE INDEX answer_text_of ON answer_text (answer, language);
CREATE TABLE answer_version (
	answer BIGINT NOT NULL,
	version INTEGER NOT NULL,
	content TEXT NOT NULL,
	deed TEXT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (answer, version)
);
-- What people think of an entry: up is 1 or 0.
CREATE TABLE answer_thumb (
	answer BIGINT NOT NULL,
	person BIGINT NOT NULL,
	up INTEGER NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (answer, person)
){{bare}};
-- What was put into which reply; piece is an entry or a saved reply. edited: it went out with other words.
CREATE TABLE answer_use (
	piece BIGINT NOT NULL,
	delivery BIGINT NOT NULL,
	person BIGINT NOT NULL,
	language TEXT NOT NULL,
	edited INTEGER NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (piece, delivery)
){{bare}};
CREATE INDEX answer_use_at ON answer_use (at);
-- The words of each text of what is not archived, folded alike on both databases.
{{only sqlite}}CREATE VIRTUAL TABLE answer_search USING fts5 (words, content='', contentless_delete=1, prefix='3 4 5', tokenize='unicode61');
{{only postgres}}CREATE TABLE answer_search (entry BIGINT PRIMARY KEY, words tsvector NOT NULL);
{{only postgres}}CREATE INDEX answer_search_words ON answer_search USING gin (words);
-- Short texts that are put in by a shortcut. person: whose it is, 0 for one that is shared; department: with whom, 0 for all.
CREATE TABLE saved_reply (
	id {{id}},
	person BIGINT NOT NULL,
	department BIGINT NOT NULL,
	shortcut TEXT NOT NULL,
	name TEXT NOT NULL,
	language TEXT NOT NULL,
	body TEXT NOT NULL,
	deeds TEXT NOT NULL,
	moment TEXT NOT NULL,
	version INTEGER NOT NULL,
	changed_by BIGINT NOT NULL,
	changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_reply_shortcut ON saved_reply (person, shortcut);

-- +goose Down
DROP TABLE saved_reply;
DROP TABLE answer_search;
DROP TABLE answer_use;
DROP TABLE answer_thumb;
DROP TABLE answer_version;
DROP TABLE answer_text;
DROP TABLE answer;
