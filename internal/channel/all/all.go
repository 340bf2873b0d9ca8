// Package all is the list of the connectors: a channel more is a folder and a line here.
package all

import (
	"switchboard/internal/channel"
	"switchboard/internal/channel/bluesky"
	"switchboard/internal/channel/email"
	"switchboard/internal/channel/example"
	"switchboard/internal/channel/feed"
	"switchboard/internal/channel/hook"
	"switchboard/internal/channel/mastodon"
)

// Connectors returns them in the order they are offered. All their traffic goes through n.
func Connectors(n channel.Net) []channel.Connector {
	return []channel.Connector{mastodon.New(n), bluesky.New(n), email.New(n), feed.New(n), hook.New(n), example.New()}
}
