// Package setting keeps settings that a house has once and that come with a secret: how its mail is sent, which language model
// is asked. Each has a table of one row with the columns one, content, sealed, person and at: the settings as JSON, the secret
// sealed beside them and never in them, and who changed them when. What the settings mean, who may change them and what the
// journal hears of it is for the feature that has them.
package setting
