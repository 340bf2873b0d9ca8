package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
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
	began   *[]string // tokens that visits to the far side began with
}

func (keeper) About() channel.About {
	return channel.About{Name: "keeps", Title: "Keeps", Own: []string{"got"}, Settings: []channel.Setting{
		{Name: "token", Kind: "secret"}, {Name: "server", Kind: "text", Server: true},
		{Name: "port", Kind: "number", Default: "993", Server: true}, {Name: "plain", Kind: "bool", Default: "false", Server: true},
	}}
}

func (k keeper) Open(o channel.Opening) (channel.Conn, error) {
	c := &keptConn{given: k.given, refuses: k.refuses, expires: k.expires, began: k.began}
	if err := json.Unmarshal(o.Settings, c); err != nil {
		return nil, err
	}
	*k.keeps = append(*k.keeps, func(s json.RawMessage) error { return o.Keep(context.Background(), s) })
	return c, nil
}

type keptConn struct {
	Token string `json:"token"`
	Got   string `json:"got"` // what it keeps by itself
	began *[]string
	given map[string]int

	refuses error
	expires time.Time
}

func (c *keptConn) Check(context.Context) (channel.Profile, error) {
	return channel.Profile{RemoteID: "1", Handle: "@one", TokenExpires: c.expires}, nil
}

// Begin notes the token it begins with.
func (c *keptConn) Begin(context.Context, string, string) (string, json.RawMessage, error) {
	*c.began = append(*c.began, c.Token)
	return "https://far.example/", json.RawMessage(`{}`), nil
}

func (c *keptConn) Finish(context.Context, string, url.Values, json.RawMessage) (json.RawMessage, error) {
	return nil, errors.New("nobody comes back")
}

func (*keptConn) Close() error { return nil }

// Revoke counts how often a token was given back.
func (c *keptConn) Revoke(context.Context) error {
	c.given[c.Token]++
	return c.refuses
}
