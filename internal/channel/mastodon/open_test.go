package mastodon

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

func TestOpenReadsWhatPeopleType(t *testing.T) {
	for name, tt := range map[string]struct {
		settings string
		base     string // "" when it is refused
		field    string
	}{
		"a name":                          {`{"server":"social.example"}`, "https://social.example", ""},
		"an address":                      {`{"server":" https://Social.example/ "}`, "https://social.example", ""},
		"a profile's address":             {`{"server":"https://social.example/@acme"}`, "https://social.example", ""},
		"a whole account":                 {`{"server":"@acme@social.example"}`, "https://social.example", ""},
		"a port":                          {`{"server":"social.example:8443"}`, "https://social.example:8443", ""},
		"a yes as text":                   {`{"server":"http://127.0.0.1:3000","plain":"true"}`, "http://127.0.0.1:3000", ""},
		"nothing":                         {`{}`, "", "server"},
		"no encryption":                   {`{"server":"http://social.example"}`, "", "server"},
		"half a name":                     {`{"server":"social"}`, "", "server"},
		"another scheme":                  {`{"server":"ftp://social.example"}`, "", "server"},
		"a password in it":                {`{"server":"https://a:b@social.example/@x"}`, "", "server"},
		"a token with a line break in it": {`{"server":"social.example","token":"abc\ndef"}`, "", "token"},
		"answers to nobody":               {`{"server":"social.example","replies":"direct"}`, "", "replies"},
		"no JSON":                         {`server=x`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(over()).Open(channel.Opening{Settings: json.RawMessage(tt.settings), Now: time.Now})
			if tt.base == "" {
				var f *fault.Error
				if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Field != tt.field {
					t.Fatalf("Open = %v; want Invalid about %q", err, tt.field)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := c.(*conn).base.String(); got != tt.base {
				t.Errorf("base = %s; want %s", got, tt.base)
			}
		})
	}
}

func TestProper(t *testing.T) {
	for version, want := range map[string]bool{
		"4.5.2": true, "4.2.29": true, "3.5.3+glitch": true, "4.4.0-nightly.2026-01-01": true,
		"0.20.2+git-0a1b2c3": false, "2.7.2 (compatible; Pleroma 2.5.0)": false, "4.2.1 (compatible; Firefish 1.0.5)": false, "": false, "x": false,
	} {
		in := &instance{Version: version}
		if in.proper() != want {
			t.Errorf("proper(%q) = %v", version, !want)
		}
	}
}

func TestReadInstance(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want channel.Limits
	}{
		"all is told": {`{"configuration":{"statuses":{"max_characters":5000,"max_media_attachments":6,"characters_reserved_per_url":25},
			"media_attachments":{"image_size_limit":1000,"description_limit":420}}}`,
			channel.Limits{Text: 5000, Unit: "graphemes", URL: 25, ShortAt: true, Media: 6, MediaSize: 1000, Alt: 420, Named: channel.NameAdded}},
		"nothing is told": {`{}`, channel.Limits{Text: 500, Unit: "graphemes", URL: 23, ShortAt: true, Media: 4, Alt: 1500, Named: channel.NameAdded}},
		"Pleroma's word":  {`{"max_toot_chars":4000}`, channel.Limits{Text: 4000, Unit: "graphemes", URL: 23, ShortAt: true, Media: 4, Alt: 1500, Named: channel.NameAdded}},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := readInstance([]byte(tt.body))
			if err != nil || in.Limits != tt.want {
				t.Errorf("limits = %+v, %v; want %+v", in.Limits, err, tt.want)
			}
		})
	}
}
