package bluesky

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel/channeltest"
)

// member is an account of a network, real or not, as it signs in by itself.
type member struct {
	base, did, access, refresh string
	handle, password           string
}

// raw makes a call without our connector and returns the status and the name of the error.
func (m member) raw(t testing.TB, token, nsid string, in any) (int, string) {
	t.Helper()
	method, address, body, kind := http.MethodGet, m.base+"/xrpc/"+nsid, []byte(nil), ""
	switch x := in.(type) {
	case url.Values:
		address += "?" + x.Encode()
	case nil:
	case []byte:
		method, body, kind = http.MethodPost, x, "image/png"
	default:
		method, kind = http.MethodPost, "application/json"
		if body, _ = json.Marshal(x); x == "" {
			body, kind = nil, ""
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var x struct{ Error, Message string }
	_ = json.NewDecoder(a.Body).Decode(&x)
	if x.Error != "" {
		t.Logf("%s: %s", x.Error, x.Message)
	}
	return a.StatusCode, x.Error
}

// asSeen holds a network against what the reference servers do. The stand-in must pass what the real thing passes, or what
// we learn from it is worth nothing.
func asSeen(t *testing.T, m member) {
	key := tid(time.Now())
	record := func(change func(map[string]any)) map[string]any {
		r := map[string]any{"$type": postType, "text": "hello", "createdAt": "2026-10-08T09:00:00.000Z"}
		if change != nil {
			change(r)
		}
		return r
	}
	create := func(key string, r map[string]any) map[string]any {
		return map[string]any{"repo": m.did, "collection": postType, "rkey": key, "record": r}
	}
	keys := 0
	unknown := func(collection string, validate, kind any) map[string]any {
		keys++ // two may be asked for within one microsecond
		in := map[string]any{"repo": m.did, "collection": collection, "rkey": tid(time.Now().Add(time.Duration(keys) * time.Millisecond)), "record": map[string]any{"note": "x"}}
		if validate != nil {
			in["validate"] = validate
		}
		if kind != nil {
			in["record"] = map[string]any{"$type": kind}
		}
		return in
	}
	image := func(n int, link string) func(map[string]any) {
		return func(r map[string]any) {
			var all []any
			for range n {
				all = append(all, map[string]any{"alt": "", "image": map[string]any{
					"$type": "blob", "ref": map[string]string{"$link": link}, "mimeType": "image/png", "size": 5,
				}})
			}
			r["embed"] = map[string]any{"$type": "app.bsky.embed.images", "images": all}
		}
	}
	sum := sha256.Sum256([]byte(key))
	nowhere := "b" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append([]byte{1, 0x55, 0x12, 0x20}, sum[:]...)))
	get := func(pairs ...string) url.Values {
		v := url.Values{}
		for k := 0; k < len(pairs); k += 2 {
			v.Add(pairs[k], pairs[k+1])
		}
		return v
	}
	many := url.Values{}
	for k := range 26 {
		many.Add("uris", fmt.Sprintf("at://%s/%s/3k%011d", m.did, postType, k))
	}
	const createRecord = "com.atproto.repo.createRecord"
	for _, tt := range []struct {
		what, token, nsid string
		in                any
		status            int
		name              string
	}{
		{"a good post", m.access, createRecord, create(key, record(nil)), 200, ""},
		{"a second under its key", m.access, createRecord, create(key, record(nil)), 500, "InternalServerError"},
		{"a token that is none", "eyJhbGciOiJIUzI1NiJ9.e30.x", createRecord, create(tid(time.Now()), record(nil)), 400, "InvalidToken"},
		{"no token", "", createRecord, create(tid(time.Now()), record(nil)), 401, "AuthMissing"},
		{"a key that is none", m.access, createRecord, create("zzzzzzzzzzzzz", record(nil)), 400, "InvalidRequest"},
		{"301 letters", m.access, createRecord, create(tid(time.Now()), record(func(r map[string]any) { r["text"] = strings.Repeat("é", 301) })), 400, "InvalidRequest"},
		{"3001 bytes", m.access, createRecord, create(tid(time.Now()), record(func(r map[string]any) { r["text"] = strings.Repeat("👩‍👩‍👧", 167) })), 400, "InvalidRequest"},
		{"no date", m.access, createRecord, create(tid(time.Now()), record(func(r map[string]any) { r["createdAt"] = "today" })), 400, "InvalidRequest"},
		{"a reply to half a reference", m.access, createRecord, create(tid(time.Now()), record(func(r map[string]any) {
			r["reply"] = map[string]any{"root": map[string]string{"uri": "at://x"}, "parent": map[string]string{"uri": "at://x"}}
		})), 400, "InvalidRequest"},
		{"five pictures", m.access, createRecord, create(tid(time.Now()), record(image(5, nowhere))), 400, "InvalidRequest"},
		{"a picture nobody uploaded", m.access, createRecord, create(tid(time.Now()), record(image(1, nowhere))), 400, "BlobNotFound"},
		{"a kind nobody knows", m.access, createRecord, unknown("com.example.switchboard.test", false, nil), 200, ""},
		{"a kind nobody knows, unasked", m.access, createRecord, unknown("com.example.switchboard.test", nil, nil), 200, ""},
		{"a kind nobody knows, to be checked", m.access, createRecord, unknown("com.example.switchboard.test", true, nil), 400, "InvalidRequest"},
		{"a kind that says to be another", m.access, createRecord, unknown("com.example.switchboard.test", false, "com.example.other"), 400, "InvalidRequest"},
		{"a kind that is none", m.access, createRecord, unknown("switchboard", false, nil), 400, "InvalidRequest"},
		{"taking back what is not there", m.access, "com.atproto.repo.deleteRecord",
			map[string]any{"repo": m.did, "collection": "com.example.switchboard.test", "rkey": "3kaaaaaaaaaaa"}, 200, ""},
		{"a record that is not there", "", "com.atproto.repo.getRecord", get("repo", m.did, "collection", postType, "rkey", "3kaaaaaaaaaaa"), 400, "RecordNotFound"},
		{"a record that is there", "", "com.atproto.repo.getRecord", get("repo", m.did, "collection", postType, "rkey", key), 200, ""},
		{"a handle nobody has", "", "com.atproto.identity.resolveHandle", get("handle", "nobody-at-all.test"), 400, "HandleNotFound"},
		{"a profile nobody has", m.access, "app.bsky.actor.getProfile", get("actor", "nobody-at-all.test"), 400, "InvalidRequest"},
		{"26 posts", m.access, "app.bsky.feed.getPosts", many, 400, "InvalidRequest"},
		{"posts that are not there", m.access, "app.bsky.feed.getPosts", get("uris", "at://"+m.did+"/"+postType+"/3kaaaaaaaaaaa"), 200, ""},
		{"101 notifications", m.access, "app.bsky.notification.listNotifications", get("limit", "101"), 400, "InvalidRequest"},
		{"notifications by reason", m.access, "app.bsky.notification.listNotifications", get("reasons", "mention", "reasons", "reply"), 200, ""},
		{"an upload of nothing", m.access, "com.atproto.repo.uploadBlob", []byte("\x89PNG"), 200, ""},
		{"a wrong password", "", "com.atproto.server.createSession", map[string]string{"identifier": m.handle, "password": "not-it"}, 401, "AuthenticationRequired"},
		{"an unknown account", "", "com.atproto.server.createSession", map[string]string{"identifier": "nobody.test", "password": "p"}, 401, "AuthenticationRequired"},
		{"a refresh with the wrong token", m.access, "com.atproto.server.refreshSession", "", 400, "InvalidToken"},
		{"a refresh", m.refresh, "com.atproto.server.refreshSession", "", 200, ""},
		{"who am I", m.access, "com.atproto.server.getSession", nil, 200, ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			if status, name := m.raw(t, tt.token, tt.nsid, tt.in); status != tt.status || name != tt.name {
				t.Errorf("answered %d %s; want %d %s", status, name, tt.status, tt.name)
			}
		})
	}
}

// signedIn returns m with the tokens of a new session.
func (m member) signedIn(t testing.TB) member {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"identifier": m.handle, "password": m.password})
	a, err := http.Post(m.base+"/xrpc/com.atproto.server.createSession", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var x struct{ DID, AccessJwt, RefreshJwt string }
	if err := json.NewDecoder(a.Body).Decode(&x); err != nil || x.AccessJwt == "" {
		t.Fatalf("signing in: status %d, %v", a.StatusCode, err)
	}
	m.did, m.access, m.refresh = x.DID, x.AccessJwt, x.RefreshJwt
	return m
}

func TestTheStandInAnswersAsTheRealServersDo(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	n.Account("bea.test", "Bea", "posts-only-pass-0", false)
	asSeen(t, member{base: n.url, handle: "bea.test", password: "posts-only-pass-0"}.signedIn(t))
}
