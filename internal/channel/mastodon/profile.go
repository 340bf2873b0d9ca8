package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/channel"
)

// instance is what a server says of itself.
type instance struct {
	Domain    string
	Version   string
	Streaming string // where its streams are: a ws or wss address, or ""
	Level     int    // api_versions.mastodon: 0 where it is not told
	Limits    channel.Limits
	source    string
}

// readInstance reads either version of the entity; v2 nests the domain and the streaming address elsewhere than v1.
func readInstance(b []byte) (*instance, error) {
	var in struct {
		Domain, URI, Version string
		Source               string         `json:"source_url"`
		API                  map[string]any `json:"api_versions"`
		URLs                 map[string]any `json:"urls"`
		Configuration        struct {
			URLs     map[string]any `json:"urls"`
			Statuses struct {
				MaxCharacters int `json:"max_characters"`
				MaxMedia      int `json:"max_media_attachments"`
				PerURL        int `json:"characters_reserved_per_url"`
			} `json:"statuses"`
			Media struct {
				ImageSize   int64 `json:"image_size_limit"`
				Description int   `json:"description_limit"`
			} `json:"media_attachments"`
		} `json:"configuration"`
		MaxTootChars int `json:"max_toot_chars"` // Pleroma, and Mastodon's forks before 3.4
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, err
	}
	out := &instance{Domain: in.Domain, Version: clean(in.Version), source: in.Source}
	if out.Domain == "" {
		out.Domain = strings.TrimSuffix(strings.TrimPrefix(in.URI, "https://"), "/")
	}
	out.Streaming, _ = in.Configuration.URLs["streaming"].(string)
	if out.Streaming == "" {
		out.Streaming, _ = in.URLs["streaming_api"].(string)
	}
	if n, ok := in.API["mastodon"].(float64); ok {
		out.Level = int(n)
	}
	or := func(n, usual int) int {
		if n > 0 {
			return n
		}
		return usual
	}
	st, md := in.Configuration.Statuses, in.Configuration.Media
	out.Limits = channel.Limits{Text: or(st.MaxCharacters, or(in.MaxTootChars, 500)), Unit: "graphemes", URL: or(st.PerURL, 23),
		ShortAt: true, Media: or(st.MaxMedia, 4), MediaSize: md.ImageSize, Alt: or(md.Description, 1500), Named: channel.NameAdded}
	return out, nil
}

// proper reports whether the server is Mastodon itself, which alone remembers an Idempotency-Key.
func (in *instance) proper() bool {
	low := strings.ToLower(in.Version + " " + in.source)
	for _, other := range []string{"compatible", "gotosocial", "pleroma", "akkoma", "pixelfed", "+git"} {
		if strings.Contains(low, other) {
			return false
		}
	}
	m := regexp.MustCompile(`^(\d+)\.\d+`).FindStringSubmatch(in.Version)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(m[1])
	return major >= 3
}

// instance asks the server what it is, once.
func (c *conn) instance(ctx context.Context) (*instance, error) {
	c.mu.Lock()
	in := c.inst
	c.mu.Unlock()
	if in != nil {
		return in, nil
	}
	return c.askInstance(ctx)
}

func (c *conn) askInstance(ctx context.Context) (*instance, error) {
	var raw json.RawMessage
	k := call{method: http.MethodGet, path: "/api/v2/instance", bare: true}
	a, err := c.do(ctx, k)
	if is404(a) {
		k.path = "/api/v1/instance"
		a, err = c.do(ctx, k)
	}
	if err != nil {
		return nil, err
	}
	if err := k.decode(a, &raw); err != nil {
		return nil, err
	}
	in, err := readInstance(raw)
	if err != nil {
		return nil, odd(k, err)
	}
	if in.Domain == "" {
		in.Domain = c.base.Hostname()
	}
	c.mu.Lock()
	c.inst = in
	c.mu.Unlock()
	return in, nil
}

// myself is the account the token belongs to, asked once.
func (c *conn) myself(ctx context.Context) (*account, *instance, error) {
	in, err := c.instance(ctx)
	if err != nil {
		return nil, nil, err
	}
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me == nil {
		me, err = c.verify(ctx)
	}
	return me, in, err
}

func (c *conn) verify(ctx context.Context) (*account, error) {
	var me account
	if err := c.get(ctx, "/api/v1/accounts/verify_credentials", nil, &me); err != nil {
		return nil, err
	}
	if me.ID == "" || me.Acct == "" {
		return nil, &channel.Trouble{Deed: channel.Again, Message: "the server does not say who we are; it is tried again"}
	}
	c.mu.Lock()
	c.me = &me
	c.mu.Unlock()
	return &me, nil
}

// Check asks the server who we are and what we may do, and opens the account to strangers if that is wanted.
func (c *conn) Check(ctx context.Context) (channel.Profile, error) {
	in, err := c.askInstance(ctx)
	if err != nil {
		return channel.Profile{}, err
	}
	me, err := c.verify(ctx)
	if err != nil {
		return channel.Profile{}, err
	}
	c.mu.Lock()
	expires := c.set.Expires
	if c.set.Refresh != "" && c.set.Client != nil {
		expires = time.Time{} // we get another by ourselves
	}
	c.mu.Unlock()
	note, err := c.welcome(ctx)
	if err != nil {
		return channel.Profile{}, err
	}
	may, told := c.mayWrite(ctx)
	if told && !may {
		note = strings.TrimSpace("This access may read and not write: answers can't be sent with it. Connect through the browser, or make an access token with the scopes read, write and profile. " + note)
	}
	who := identity(me, in)
	return channel.Profile{MaySpeak: may, RemoteID: who.RemoteID, Handle: who.Handle, Name: who.Name, URL: who.URL, Limits: in.Limits,
		TokenExpires: expires, Note: note}, nil
}

// mayWrite reports whether our access lets us post, and whether the server tells that at all: Mastodon does since 4.3.
func (c *conn) mayWrite(ctx context.Context) (may, told bool) {
	var app struct {
		Scopes []string `json:"scopes"`
	}
	if err := c.get(ctx, "/api/v1/apps/verify_credentials", nil, &app); err != nil || len(app.Scopes) == 0 {
		return false, false
	}
	has := func(scope string) bool {
		return slices.Contains(app.Scopes, "write") || slices.Contains(app.Scopes, scope)
	}
	return has("write:statuses") && has("write:media"), true
}

// welcome sees to it that the account's policy keeps no stranger out. What it parks we read all the same; what it drops the
// server never keeps. It returns what a person should know.
func (c *conn) welcome(ctx context.Context) (note string, err error) {
	var raw json.RawMessage
	k := call{method: http.MethodGet, path: "/api/v2/notifications/policy"}
	a, err := c.do(ctx, k)
	if err != nil {
		if is404(a) { // before 4.3, or another server: there is no policy
			return "", nil
		}
		if d := channel.TroubleOf(err).Deed; d == channel.Wait || d == channel.Again {
			return "", err
		}
		return "The account's notification policy could not be read, so strangers' messages may be missing.", nil
	}
	if err := k.decode(a, &raw); err != nil {
		return "", err
	}
	var has map[string]any
	if err := json.Unmarshal(raw, &has); err != nil {
		return "", odd(k, err)
	}
	shut := map[string]string{}
	dropped := false
	for name, v := range has {
		if v, ok := v.(string); ok && strings.HasPrefix(name, "for_") && v != "accept" {
			shut[name] = "accept"
			dropped = dropped || v == "drop"
		}
	}
	if len(shut) == 0 {
		return "", nil
	}
	c.mu.Lock()
	let := c.set.Strangers == nil || bool(*c.set.Strangers)
	c.mu.Unlock()
	if let {
		if _, err := c.do(ctx, call{method: http.MethodPatch, path: k.path, body: shut}); err == nil {
			return "The account kept some strangers' messages back. It now lets all of them through.", nil
		}
	}
	if dropped {
		return "The account's notification policy throws some strangers' messages away. Set it to accept in the server's settings, or let Switchboard do it.", nil
	}
	return "The account's notification policy parks some strangers' messages. Switchboard reads them, a minute or so later than others.", nil
}
