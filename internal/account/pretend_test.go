package account_test

import (
	"context"
	"encoding/json"

	"switchboard/internal/channel"
)

// keeping adds a channel whose connections hand their Keep out.
func keeping(all func(channel.Net) []channel.Connector, keeps *[]func(json.RawMessage) error) func(channel.Net) []channel.Connector {
	return func(n channel.Net) []channel.Connector { return append(all(n), keeper{keeps}) }
}

type keeper struct {
	keeps *[]func(json.RawMessage) error
}

func (keeper) About() channel.About {
	return channel.About{Name: "keeps", Title: "Keeps", Settings: []channel.Setting{{Name: "token", Kind: "secret"}}}
}

func (k keeper) Open(o channel.Opening) (channel.Conn, error) {
	c := &keptConn{}
	if err := json.Unmarshal(o.Settings, c); err != nil {
		return nil, err
	}
	*k.keeps = append(*k.keeps, func(s json.RawMessage) error { return o.Keep(context.Background(), s) })
	return c, nil
}

type keptConn struct {
	Token string `json:"token"`
}

func (c *keptConn) Check(context.Context) (channel.Profile, error) {
	return channel.Profile{RemoteID: "1", Handle: "@one"}, nil
}

func (*keptConn) Close() error { return nil }
