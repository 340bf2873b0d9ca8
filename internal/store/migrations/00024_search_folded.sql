-- +goose Up
-- The full text is made anew in the background, the newest first: it knows words without their accents and inside what is written without
-- spaces, and of each thing said who owns its conversation, is asked in it, or must deliver something. Until then the words of before are
-- found as before.
INSERT INTO search_todo (message) SELECT id FROM (SELECT id FROM message WHERE conversation <> 0 UNION SELECT id FROM note) said WHERE 1 = 1 ON CONFLICT DO NOTHING;

-- +goose Down
SELECT 1;
