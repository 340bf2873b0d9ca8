-- +goose Up
-- What keeps an account from speaking, beside what keeps it from hearing, as JSON; and from when on something is missing that could
-- not be had any more, until a person has seen that.
ALTER TABLE account ADD COLUMN mute TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN lost_since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE account DROP COLUMN lost_since;
ALTER TABLE account DROP COLUMN mute;
