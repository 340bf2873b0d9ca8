package notify_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
)

// browser is one that is told by push, and its push service.
type browser struct {
	t      *testing.T
	server *httptest.Server
	key    *ecdh.PrivateKey
	auth   []byte

	hearing[notify.Shown]        // what it has shown
	vapid                 string // the only key it takes; "" before it subscribed
	raw                   []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{t: t, auth: make([]byte, 16)}
	b.answers(http.StatusCreated)
	var err error
	if b.key, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := rand.Read(b.auth); err != nil {
		t.Fatal(err)
	}
	b.server = httptest.NewTLSServer(b)
	t.Cleanup(b.server.Close)
	return b
}

func (b *browser) subscription() notify.Subscription {
	e := base64.RawURLEncoding.EncodeToString
	return notify.Subscription{Endpoint: b.server.URL + "/push/one", P256DH: e(b.key.PublicKey().Bytes()), Auth: e(b.auth)}
}

// ServeHTTP is the push service: it refuses what a real one refuses.
func (b *browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = b.check(r)
	}
	if err == nil && b.status < 300 {
		var plain []byte
		if plain, err = b.decrypt(body); err == nil {
			var s notify.Shown
			err = json.Unmarshal(plain, &s)
			b.got, b.raw = append(b.got, s), append(b.raw, string(plain))
		}
	}
	if err != nil {
		b.t.Errorf("the push service refuses: %v", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(b.status)
}

// check looks at what stands around a push (RFC 8030) and at who sends it (RFC 8292).
func (b *browser) check(r *http.Request) error {
	switch {
	case r.Method != http.MethodPost || r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "":
		return errors.New("not a push")
	case !strings.HasPrefix(r.Header.Get("Authorization"), "vapid t="):
		return errors.New("nobody has signed it")
	}
	token, key, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	if !ok || key != b.vapid {
		return errors.New("it is signed by somebody else")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("no token")
	}
	d := base64.RawURLEncoding.DecodeString
	public, err1 := d(key)
	claims, err2 := d(parts[1])
	signature, err3 := d(parts[2])
	if err := errors.Join(err1, err2, err3); err != nil || len(signature) != 64 || len(public) != 65 {
		return errors.New("not base64url, or of another length")
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	k, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), public)
	if err != nil {
		return err
	}
	if !ecdsa.Verify(k, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errors.New("a false signature")
	}
	var c struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(claims, &c); err != nil || c.Aud != b.server.URL || c.Sub != "https://desk.example" || time.Until(time.Unix(c.Exp, 0)) > 24*time.Hour {
		return errors.New("wrong claims: " + string(claims))
	}
	return nil
}

// decrypt reads a push as a browser does (RFC 8188 and 8291).
func (b *browser) decrypt(body []byte) ([]byte, error) {
	if len(body) < 86 || len(body) > 4096 {
		return nil, errors.New("too short, or longer than push services take")
	}
	salt, size, n := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	if n != 65 || len(body)-86 > int(size) {
		return nil, errors.New("wrong head")
	}
	theirs, err := ecdh.P256().NewPublicKey(body[21:86])
	if err != nil {
		return nil, err
	}
	shared, err := b.key.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(body[21:86])
	ikm, err1 := hkdf.Key(sha256.New, shared, b.auth, info, 32)
	key, err2 := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce, err3 := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nonce, body[86:], nil)
	if err != nil {
		return nil, err
	}
	end := strings.TrimRight(string(plain), "\x00")
	if !strings.HasSuffix(end, "\x02") {
		return nil, errors.New("no end of the last record")
	}
	return []byte(strings.TrimSuffix(end, "\x02")), nil
}

// subscribe has somebody told in b.
func (w *world) subscribe(who staff.Actor, session string, b *browser) notify.Device {
	w.t.Helper()
	var err error
	b.vapid, err = w.Bell.PublicKey(w.t.Context())
	w.must(err)
	d, err := w.Bell.AddDevice(w.t.Context(), who, session, "Chromium on Linux", b.subscription())
	w.must(err)
	return d
}

func (w *world) put(to staff.Actor) {
	w.happens(journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(w.talk(w.support, to.Person)), Data: journal.Data("department", w.support, "person", to.Person)})
}

func TestABrowserIsToldAndOnlyItCanReadIt(t *testing.T) {
	b := newBrowser(t)
	each(t, []*httptest.Server{b.server}, func(t *testing.T, w *world) {
		b.heard()
		w.wants(w.sue, notify.QuietOff, notify.AtOnce, "put_through")
		w.subscribe(w.sue, "s1", b)
		w.put(w.sue)
		w.send()
		got := b.heard()
		if len(got) != 1 || got[0].Title != "Ada put the conversation with Kim through to you" || got[0].Body != "" || !strings.HasPrefix(got[0].Path, "/conversations/") {
			t.Fatalf("the browser shows %+v", got)
		}
		if strings.Contains(strings.Join(b.raw, " "), "4711") {
			t.Error("the push says what the contact said")
		}
		for range 3 {
			w.put(w.sue)
		}
		w.send()
		if got := b.heard(); len(got) != 0 {
			t.Errorf("again within the minute: %+v", got)
		}
		w.clock.Add(time.Minute)
		w.send()
		if got := b.heard(); len(got) != 1 || got[0].Body != "and 2 more" || got[0].Path != "/notifications" {
			t.Errorf("after the minute: %+v", got)
		}
	})
}

func TestWhoWantsTheWordsHasThem(t *testing.T) {
	b := newBrowser(t)
	each(t, []*httptest.Server{b.server}, func(t *testing.T, w *world) {
		b.heard()
		_, err := w.Bell.ChangeSettings(t.Context(), w.sue, notify.Settings{Quiet: notify.QuietOff, Digest: notify.AtOnce, Words: true})
		w.must(err)
		w.subscribe(w.sue, "s1", b)
		w.put(w.sue)
		w.send()
		if got := b.heard(); len(got) != 1 || got[0].Body != "“my secret number is 4711”" {
			t.Errorf("the browser shows %+v", got)
		}
	})
}

func TestABrowserThatIsGoneIsForgotten(t *testing.T) {
	b := newBrowser(t)
	each(t, []*httptest.Server{b.server}, func(t *testing.T, w *world) {
		w.subscribe(w.sue, "s1", b)
		b.answers(http.StatusGone)
		defer b.answers(http.StatusCreated)
		_, err := w.Bell.ChangeSettings(t.Context(), w.sue, notify.Settings{Quiet: notify.QuietOff, Digest: notify.AtOnce})
		w.must(err)
		w.put(w.sue)
		w.send()
		if list, err := w.Bell.Devices(t.Context(), w.sue); err != nil || len(list) != 0 {
			t.Errorf("kept: %+v, %v", list, err)
		}
		if got := w.told(w.sue); len(got) != 1 {
			t.Errorf("her list: %q", got)
		}
	})
}

func TestAPushServiceThatIsDownIsTriedAgain(t *testing.T) {
	b := newBrowser(t)
	each(t, []*httptest.Server{b.server}, func(t *testing.T, w *world) {
		b.heard()
		_, err := w.Bell.ChangeSettings(t.Context(), w.sue, notify.Settings{Quiet: notify.QuietOff, Digest: notify.AtOnce})
		w.must(err)
		d := w.subscribe(w.sue, "s1", b)
		b.answers(http.StatusServiceUnavailable)
		w.put(w.sue)
		w.send()
		if err := w.Bell.TryDevice(t.Context(), w.sue, d.ID); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "503") || strings.Contains(err.Error(), "/push/one") {
			t.Errorf("trying it out says %v", err)
		}
		b.answers(http.StatusCreated)
		w.send()
		if got := b.heard(); len(got) != 0 {
			t.Errorf("at once: %+v", got)
		}
		w.clock.Add(2 * time.Minute)
		w.send()
		if got := b.heard(); len(got) != 1 {
			t.Errorf("later: %+v", got)
		}
		w.must(w.Bell.TryDevice(t.Context(), w.sue, d.ID))
		if got := b.heard(); len(got) != 1 || got[0].Body != "Push works in this browser." {
			t.Errorf("tried out: %+v", got)
		}
		if err := w.Bell.TryDevice(t.Context(), w.sam, d.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Sam tries Sue's browser: %v", err)
		}
	})
}

func TestWhoSignsOutIsToldThereNoMore(t *testing.T) {
	b := newBrowser(t)
	each(t, []*httptest.Server{b.server}, func(t *testing.T, w *world) {
		devices := func(who staff.Actor) int {
			list, err := w.Bell.Devices(t.Context(), who)
			w.must(err)
			return len(list)
		}
		w.subscribe(w.sue, "s1", b)
		w.must(w.Staff.SignOut(t.Context(), w.sue, "another"))
		w.read()
		if devices(w.sue) != 1 {
			t.Error("another session ended, and this browser is told no more")
		}
		w.must(w.Staff.SignOut(t.Context(), w.sue, "s1"))
		w.read()
		if devices(w.sue) != 0 {
			t.Error("she signed out, and is still told there")
		}
		w.subscribe(w.sue, "s2", b)
		w.subscribe(w.sam, "s3", b) // the same browser
		if devices(w.sue) != 0 || devices(w.sam) != 1 {
			t.Error("a browser is of two people")
		}
		w.must(w.Staff.SignOutEverywhere(t.Context(), w.sam, w.sam.Person))
		w.read()
		if devices(w.sam) != 0 {
			t.Error("he signed out everywhere, and is still told")
		}
	})
}

func TestASubscriptionMustBeOne(t *testing.T) {
	b := newBrowser(t)
	w := newWorldOf(t, b.server)
	good := b.subscription()
	for name, change := range map[string]func(*notify.Subscription){
		"without encryption":     func(s *notify.Subscription) { s.Endpoint = "http://127.0.0.1/x" },
		"not an address":         func(s *notify.Subscription) { s.Endpoint = "javascript:alert(1)" },
		"no point of the curve":  func(s *notify.Subscription) { s.P256DH = strings.Repeat("A", 87) },
		"a secret that is short": func(s *notify.Subscription) { s.Auth = "AAAA" },
	} {
		t.Run(name, func(t *testing.T) {
			s := good
			change(&s)
			if _, err := w.Bell.AddDevice(t.Context(), w.sue, "s", "x", s); !fault.Is(err, fault.Invalid) {
				t.Errorf("taken: %v", err)
			}
		})
	}
}

func TestWhatIsSealedMovesToANewKey(t *testing.T) {
	b, r := newBrowser(t), newRoom(t, notify.Slack)
	w := newWorldOf(t, b.server, r.server)
	w.subscribe(w.sue, "s1", b)
	w.room(r, 0, false, "queue")
	if n, err := notify.Rewrap(t.Context(), w.Store, w.Bell.Ring); err != nil || n != 0 {
		t.Errorf("with the same key %d, %v", n, err)
	}
	if n, err := notify.Rewrap(t.Context(), w.Store, secret.Random()); err == nil {
		t.Errorf("with a key of another house: %d", n)
	}
}
