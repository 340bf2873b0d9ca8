package bluesky

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

func TestOpenNamesTheSettingThatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct{ settings, field string }{
		"a handle and a password are enough":  {`{"identifier":"acme.bsky.social","password":"p"}`, ""},
		"an @ before the handle is fine":      {`{"identifier":" @acme.bsky.social ","password":"p"}`, ""},
		"a host of its own":                   {`{"identifier":"acme.example","password":"p","service":"https://pds.acme.example/"}`, ""},
		"http only where it is asked for":     {`{"identifier":"a.test","password":"p","service":"http://localhost:2583","plain":true}`, ""},
		"a form sends text for a tick":        {`{"identifier":"a.test","password":"p","service":"http://localhost:2583","plain":"on"}`, ""},
		"http is refused":                     {`{"identifier":"a.test","password":"p","service":"http://localhost:2583"}`, "service"},
		"a path is refused":                   {`{"identifier":"a.test","password":"p","service":"https://bsky.app/profile"}`, "service"},
		"a name with a password is refused":   {`{"identifier":"a.test","password":"p","service":"https://a:b@bsky.social"}`, "service"},
		"no handle":                           {`{"password":"p"}`, "identifier"},
		"an address of a page is no handle":   {`{"identifier":"https://bsky.app/profile/a","password":"p"}`, "identifier"},
		"no password":                         {`{"identifier":"a.test","password":"  "}`, "password"},
		"no object":                           {`[]`, "settings"},
		"a number for a handle":               {`{"identifier":7,"password":"p"}`, "settings"},
		"nothing":                             {``, "settings"},
		"a session of rubbish is passed over": {`{"identifier":"a.test","password":"p","session":[1,2]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(channel.Net{}).Open(channel.Opening{Settings: json.RawMessage(tt.settings), Now: time.Now})
			got := ""
			if f, ok := err.(*fault.Error); ok {
				got = f.Field
			}
			if got != tt.field || err == nil != (tt.field == "") {
				t.Errorf("Open = %v; want a fault in %q", err, tt.field)
			}
		})
	}
}

func TestAboutAsksForAllThatOpenReads(t *testing.T) {
	a := New(channel.Net{}).About()
	var names []string
	for _, s := range a.Settings {
		names = append(names, s.Name)
		if s.Title == "" || s.Kind == "" {
			t.Errorf("setting %q has no title or kind", s.Name)
		}
	}
	if got := strings.Join(names, " "); a.Name != "bluesky" || got != "identifier password service plain" {
		t.Errorf("%s asks for %s", a.Name, got)
	}
}

func TestTheHostIsTakenFromTheAccountsDocument(t *testing.T) {
	for name, tt := range map[string]struct {
		doc, want string
		plain     bool
	}{
		"by a short id":          {`{"id":"did:plc:a","service":[{"id":"#other","serviceEndpoint":"https://x.example"},{"id":"#atproto_pds","serviceEndpoint":"https://pds.example/"}]}`, "https://pds.example", false},
		"by a long id":           {`{"id":"did:plc:a","service":[{"id":"did:plc:a#atproto_pds","serviceEndpoint":"https://pds.example"}]}`, "https://pds.example", false},
		"not of another account": {`{"id":"did:plc:b","service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]}`, "", false},
		"not by http":            {`{"id":"did:plc:a","service":[{"id":"#atproto_pds","serviceEndpoint":"http://pds.example"}]}`, "", false},
		"by http if allowed":     {`{"id":"did:plc:a","service":[{"id":"#atproto_pds","serviceEndpoint":"http://pds.example"}]}`, "http://pds.example", true},
		"not from a list":        {`{"id":"did:plc:a","service":[{"id":"#atproto_pds","serviceEndpoint":["https://pds.example"]}]}`, "", false},
		"not from nothing":       {``, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pdsOf(json.RawMessage(tt.doc), "did:plc:a", tt.plain); got != tt.want {
				t.Errorf("pdsOf = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestRecordKeys(t *testing.T) {
	at := time.Date(2026, 10, 8, 9, 0, 0, 123456000, time.UTC)
	if k := tid(at); len(k) != 13 || !tidTime(k).Equal(at) {
		t.Errorf("tid = %q, back %v", k, tidTime(k))
	}
	if a, b := tid(at), tid(at.Add(time.Microsecond)); a >= b {
		t.Errorf("%q does not sort before %q", a, b)
	}
	for key, want := range map[string]string{
		"3n2u24bxjis23": "3n2u24bxjis23", // valid as it is
		"zn2u24bxjis23": "jn2u24bxjis23", // the first letter holds one bit less
		"3n2u24bxjis2":  "", "3n2u24bxjis2!": "", "3n2u24bxjis218": "", "": "", "3N2U24BXJIS23": "",
	} {
		got, err := recordKey(channel.Outgoing{Key: key})
		if _, ok := tidValue(got); got != want || (err == nil) != (want != "") || want != "" && !ok {
			t.Errorf("recordKey(%q) = %q, %v; want %q", key, got, err, want)
		}
		if err != nil && channel.TroubleOf(err).Unclear {
			t.Error("a key that can't be sent is a clear refusal")
		}
	}
}
