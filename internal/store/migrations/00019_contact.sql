-- +goose Up
-- stood_by says who of us said each standing, and when; fields are what a company keeps beside; seen_at is when they last wrote, to
-- the hour. Who was merged or erased leaves a row behind, so that old links find the one that was kept, or nobody.
ALTER TABLE contact ADD COLUMN stood_by TEXT NOT NULL DEFAULT '{}';
ALTER TABLE contact ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE contact ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
UPDATE contact SET seen_at = COALESCE((SELECT MAX(last_in_at) FROM conversation WHERE conversation.contact = contact.id), created_at);
CREATE INDEX contact_seen ON contact (seen_at, id) WHERE merged_into = 0 AND erased_at = 0;
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into <> 0;

-- nick is the part of a handle that is the same on every channel ("kim" of @kim@social.example); about is what somebody says of
-- themselves. Both are for finding who may be the same person.
ALTER TABLE identity ADD COLUMN nick TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN about TEXT NOT NULL DEFAULT '';
{{only sqlite}}UPDATE identity SET nick = lower(ltrim(handle, '@'));
{{only sqlite}}UPDATE identity SET nick = substr(nick, 1, instr(nick, '@') - 1) WHERE instr(nick, '@') > 0;
{{only sqlite}}UPDATE identity SET nick = substr(nick, 1, instr(nick, '.') - 1) WHERE channel = 'bluesky' AND instr(nick, '.') > 0;
{{only postgres}}UPDATE identity SET nick = split_part(lower(ltrim(handle, '@')), '@', 1);
{{only postgres}}UPDATE identity SET nick = split_part(nick, '.', 1) WHERE channel = 'bluesky';
CREATE INDEX identity_nick ON identity (nick) WHERE nick <> '';

-- beside: two of one contact's conversations are of one thread since the contacts were merged. One goes on (0); what is said anew
-- does not go to the others, which hold their own id here so that they are no repeats.
ALTER TABLE conversation ADD COLUMN beside BIGINT NOT NULL DEFAULT 0;
DROP INDEX conversation_whose;
CREATE UNIQUE INDEX conversation_whose ON conversation (contact, account, thread, beside);

-- A further way that leads into a conversation: it was taken private, and what its contact says there belongs to it.
CREATE TABLE line (
	contact BIGINT NOT NULL,
	account BIGINT NOT NULL,
	thread TEXT NOT NULL,
	conversation BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (contact, account, thread, conversation)
){{bare}};
CREATE INDEX line_conversation ON line (conversation);

-- A telephone call that somebody noted. seconds is how long it took; reached is 0 when nobody answered.
CREATE TABLE phone_call (
	id {{id}},
	conversation BIGINT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL,
	seconds INTEGER NOT NULL,
	reached INTEGER NOT NULL,
	with_whom TEXT NOT NULL,
	said TEXT NOT NULL,
	agreed TEXT NOT NULL,
	noted_at BIGINT NOT NULL
);
CREATE INDEX phone_call_conversation ON phone_call (conversation, at, id);

-- What was merged into what: moved says which identities, conversations and words went, so that it can be put back.
CREATE TABLE contact_merge (
	id {{id}},
	kept BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	moved TEXT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL,
	undone_by BIGINT NOT NULL,
	undone_at BIGINT NOT NULL
);
CREATE INDEX contact_merge_kept ON contact_merge (kept, id);
CREATE INDEX contact_merge_gone ON contact_merge (gone, id);
-- Two contacts of whom somebody said that they are not the same person; one is the smaller id.
CREATE TABLE contact_apart (
	one BIGINT NOT NULL,
	other BIGINT NOT NULL,
	person BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (one, other)
){{bare}};
CREATE INDEX contact_apart_other ON contact_apart (other);
-- What a contact agreed to and took back, in the order it was noted.
CREATE TABLE consent (
	id {{id}},
	contact BIGINT NOT NULL,
	purpose TEXT NOT NULL,
	given INTEGER NOT NULL,
	proof TEXT NOT NULL,
	at BIGINT NOT NULL,
	person BIGINT NOT NULL,
	noted_at BIGINT NOT NULL
);
CREATE INDEX consent_contact ON consent (contact, id);

-- +goose Down
DROP TABLE consent;
DROP TABLE contact_apart;
DROP TABLE contact_merge;
DROP TABLE phone_call;
DROP TABLE line;
DROP INDEX conversation_whose;
DELETE FROM conversation WHERE beside <> 0;
CREATE UNIQUE INDEX conversation_whose ON conversation (contact, account, thread);
ALTER TABLE conversation DROP COLUMN beside;
DROP INDEX identity_nick;
ALTER TABLE identity DROP COLUMN about;
ALTER TABLE identity DROP COLUMN nick;
DROP INDEX contact_merged;
DROP INDEX contact_seen;
ALTER TABLE contact DROP COLUMN erased_at;
ALTER TABLE contact DROP COLUMN merged_into;
ALTER TABLE contact DROP COLUMN seen_at;
ALTER TABLE contact DROP COLUMN fields;
ALTER TABLE contact DROP COLUMN stood_by;
