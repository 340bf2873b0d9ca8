package account_test

import (
	"context"
	"encoding/json"
	"time"

	"switchboard/internal/channel"
)

// keeping adds a channel whose connections hand their Keep out.
func keeping(all func(channel.Net) []channel.Connector, k keeper) func(channel.Net) []channel.Connector {
	return func(n channel.Net) []channel.Connector { return append(all(n), k) }
}

type keeper struct {
	keeps   *[]func(json.RawMessage) error
	given   map[string]int // tokens that were given back
	refuses error          // what the far side says to that
	expires time.Time
}

func (keeper) About() channel.About {
	return channel.About{Name: "keeps", Title: "Keeps", Settings: []channel.Setting{{Name: "token", Kind: "secret"}}}
}

func (k keeper) Open(o channel.Opening) (channel.Conn, error) {
	c := &keptConn{given: k.given, refuses: k.refuses, expires: k.expires}
	if err := json.Unmarshal(o.Settings, c); err != nil {
		return nil, err
	}
	*k.keeps = append(*k.keeps, func(s json.RawMessage) error { return o.Keep(context.Background(), s) })
	return c, nil
}

type keptConn struct {
	Token string `json:"token"`
	given map[string]int

	refuses error
	expires time.Time
}

func (c *keptConn) Check(context.Context) (channel.Profile, error) {
	return channel.Profile{RemoteID: "1", Handle: "@one", TokenExpires: c.expires}, nil
}

func (*keptConn) Close() error { return nil }

// Revoke counts how often a token was given back.
func (c *keptConn) Revoke(context.Context) error {
	c.given[c.Token]++
	return c.refuses
}
