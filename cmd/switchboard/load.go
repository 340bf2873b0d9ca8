package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/fault"
	"switchboard/internal/sim/acme"
	"switchboard/internal/sim/load"
)

type loadCommand struct {
	Rate    int           `help:"Messages a second." default:"200"`
	For     time.Duration `help:"How long." default:"30s"`
	URL     string        `name:"url" help:"The switchboard to drive, on this machine." default:"http://127.0.0.1:8080"`
	Account string        `help:"The id of an account of the hook channel; without it the reviews of the demo in the data folder."`
	Secret  string        `help:"The secret of that account."`
	Key     string        `help:"An API key, with the scope read, of somebody who sees everything; not needed with the demo."`
}

// Run drives load and prints what came of it.
func (o loadCommand) Run(ctx context.Context, c *config.Config) error {
	if err := load.Here(o.URL); err != nil {
		return err
	}
	d := load.Options{URL: strings.TrimRight(o.URL, "/"), Account: o.Account, Secret: o.Secret, Key: o.Key, Client: load.Client(), Rate: o.Rate, For: o.For,
		Now: clock.System(), Tell: func(format string, args ...any) { fmt.Printf(format, args...) }}
	if o.Account == "" {
		var err error
		if d.Account, d.Secret, err = acme.Target(filepath.Join(c.Data, "demo")); err != nil {
			return fault.Wrap(fault.Invalid, "there is no demo in "+c.Data+": name an account of the hook channel with --account, --secret and --key", err)
		}
	}
	if d.Key == "" {
		if err := enterDemo(ctx, d.Client, d.URL); err != nil {
			return err
		}
	}
	r, err := load.Drive(ctx, d)
	if err != nil {
		return err
	}
	fmt.Print(r)
	if !r.OK() {
		return fault.New(fault.Conflict, "not everything that was sent was taken, kept once and told of: see above")
	}
	return nil
}

// enterDemo signs the client in to a running demo as somebody who sees everything.
func enterDemo(ctx context.Context, client *http.Client, base string) (err error) {
	if client.Jar, err = cookiejar.New(nil); err != nil {
		return err
	}
	var people struct {
		Items []struct{ ID, Role string }
	}
	if err := ask(ctx, client, http.MethodGet, base+"/api/demo/people", nil, &people); err != nil {
		return err
	}
	for _, p := range people.Items {
		if p.Role == "administrator" {
			return ask(ctx, client, http.MethodPost, base+"/api/demo/enter", map[string]string{"person": p.ID}, nil)
		}
	}
	return fault.New(fault.NotFound, "nobody in this demo is an administrator: name an API key with --key")
}

func ask(ctx context.Context, client *http.Client, method, address string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(b))
	if err != nil {
		return fault.In("url", "this is not an address: write it like http://127.0.0.1:8080")
	}
	if r.Header.Set("Content-Type", "application/json"); method == http.MethodGet {
		r.Body = http.NoBody
	}
	a, err := client.Do(r)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "nothing answers there: start the demo first, or say with --url where it is", err)
	}
	defer func() { _ = a.Body.Close() }()
	if a.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(a.Body, 1000))
		return fault.Newf(fault.Invalid, "%s answered %d, so this is not the demo: name an API key with --key (%s)", address, a.StatusCode, bytes.TrimSpace(text))
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(a.Body).Decode(into)
}
