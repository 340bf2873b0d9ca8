package egress

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func get(ctx context.Context, client *http.Client, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return string(b), err
}

func TestAnAnswerIsLimited(t *testing.T) {
	zeros := make([]byte, 1<<20)
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			w.(http.Flusher).Flush() // so that the length is not declared
			_, _ = w.Write(zeros[:1000])
		case "/declared":
			w.Header().Set("Content-Length", "1001")
			_, _ = w.Write(zeros[:1001])
		case "/endless":
			for range 100 {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 200 {
				if _, err := z.Write(zeros); err != nil {
					return
				}
			}
			_ = z.Close()
		case "/header":
			for i := range 100 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 4000))
			}
		case "/slow":
			for range 200 {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		case "/hang":
			<-r.Context().Done()
		case "/silent":
			_, _ = w.Write([]byte("x"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	})
	client := guard(t, Options{}, server).Client("test")
	var large *TooLarge
	var slow *TooSlow
	for name, tt := range map[string]struct {
		path   string
		limits Limits
		as     any // what the error is; nil: none
		length int
	}{
		"as long as allowed":              {"/exact", Limits{Body: 1000}, nil, 1000},
		"a byte too long":                 {"/exact", Limits{Body: 999}, &large, 999},
		"too long, and it says so":        {"/declared", Limits{Body: 1000}, &large, 0},
		"without an end":                  {"/endless", Limits{}, &large, 5 << 20},
		"as long as it likes":             {"/endless", Limits{Body: NoLimit}, nil, 100 << 20},
		"a bomb of 200 MB":                {"/bomb", Limits{}, &large, 5 << 20},
		"a byte at a time":                {"/slow", Limits{Time: 100 * time.Millisecond}, &slow, -1},
		"a byte at a time, and no hurry":  {"/slow", Limits{Time: NoLimit, Idle: 5 * time.Second}, nil, 200},
		"no answer":                       {"/hang", Limits{Time: 50 * time.Millisecond}, &slow, 0},
		"half an answer":                  {"/silent", Limits{Time: 500 * time.Millisecond}, &slow, 1},
		"a stream that has fallen silent": {"/silent", Limits{Time: NoLimit, Idle: 500 * time.Millisecond}, &slow, 1},
	} {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(With(t.Context(), tt.limits), "GET", "http://"+server+tt.path, nil)
			var n int64
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			resp, err := client.Do(req)
			if err == nil {
				n, err = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
			runtime.ReadMemStats(&after)
			if tt.as == nil && err != nil || tt.as != nil && !errors.As(err, tt.as) {
				t.Errorf("error %v", err)
			}
			if tt.length >= 0 && int(n) != tt.length {
				t.Errorf("%d bytes; want %d", n, tt.length)
			}
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
				t.Errorf("it took %d bytes of memory", grown)
			}
			if s := (net.Error)(nil); tt.as == &slow && (!errors.As(err, &s) || !s.Timeout()) {
				t.Errorf("%v is not a time-out", err)
			}
		})
	}
	if _, err := get(t.Context(), client, "http://"+server+"/header"); err == nil {
		t.Error("400 kB of headers are taken")
	}
	if resp, err := client.Head("http://" + server + "/declared"); err != nil || resp.ContentLength != 1001 {
		t.Errorf("HEAD: %v", err)
	}
}

func TestARedirectIsNotFollowedUnlessWanted(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/next", http.StatusFound) })
	resp, err := guard(t, Options{}, server).Client("test").Get("http://" + server)
	if err != nil || resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/next" {
		t.Fatalf("%v, %v", resp, err)
	}
	_ = resp.Body.Close()
}

func TestRedirects(t *testing.T) {
	inside, connections := trap(t, "tcp4", "127.0.0.1:0")
	var other string
	seen := make(chan http.Header, 20)
	handler := func(w http.ResponseWriter, r *http.Request) {
		to := r.URL.Query().Get("to")
		switch {
		case strings.HasPrefix(r.URL.Path, "/count"):
			n := len(r.URL.Path) - len("/count")
			if n == 0 {
				_, _ = w.Write([]byte("there"))
				return
			}
			to = r.URL.Path[:len(r.URL.Path)-1]
		case to == "other":
			to = "http://" + other + "/"
		case to == "back":
			to = "http://" + other + "/?to=http://" + r.Host + "/"
		}
		if to == "" {
			seen <- r.Header
			_, _ = w.Write([]byte("there"))
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
	server := serve(t, handler)
	other = serve(t, handler)
	g, outside := sealed(t, Options{}, server, other)
	client := g.Client("test")
	follow := With(t.Context(), Limits{Redirects: 99})
	var refused *Refused

	for name, tt := range map[string]struct {
		path    string
		refused bool
		status  int
	}{
		"none":                    {"/count", false, 200},
		"five":                    {"/countxxxxx", false, 200},
		"six":                     {"/countxxxxxx", false, 307},
		"in a circle":             {"/?to=/%3Fto=/x", false, 200},
		"to an inside port":       {"/?to=http://127.0.0.1:" + inside + "/", true, 0},
		"to an inside name":       {"/?to=http://localhost:" + inside + "/", true, 0},
		"to an odd spelling":      {"/?to=http://2130706433:" + inside + "/", true, 0},
		"to a file":               {"/?to=file:///etc/passwd", true, 0},
		"to metadata":             {"/?to=http://169.254.169.254/latest/meta-data", true, 0},
		"without a scheme":        {"/?to=//127.0.0.1:" + inside + "/", true, 0},
		"to what is no address":   {"/?to=http://[::1", true, 0},
		"to an address with name": {"/?to=http://example.com@127.0.0.1:" + inside + "/", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(follow, "GET", "http://"+server+tt.path, nil)
			resp, err := client.Do(req)
			if tt.refused {
				if !errors.As(err, &refused) {
					t.Errorf("it is not refused: %v, %v", resp, err)
				}
				return
			}
			if err != nil || resp.StatusCode != tt.status {
				t.Fatalf("%v, %v", resp, err)
			}
			_ = resp.Body.Close()
		})
	}
	if connections.Load()+outside.Load() != 0 {
		t.Errorf("%d connections inside, %d outside", connections.Load(), outside.Load())
	}
	for len(seen) > 0 {
		<-seen
	}

	t.Run("a write is not sent on", func(t *testing.T) {
		req, _ := http.NewRequestWithContext(follow, "POST", "http://"+server+"/?to=other", strings.NewReader("x"))
		resp, err := client.Do(req)
		if err != nil || resp.StatusCode != http.StatusTemporaryRedirect || len(seen) != 0 {
			t.Errorf("%v, %v", resp, err)
		}
	})
	for name, tt := range map[string]struct {
		path string
		kept bool
	}{"to the same host secrets go along": {"/?to=/x%3Fto=", true}, "to another host they do not": {"/?to=other", false}, "nor back from there": {"/?to=back", false}} {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(follow, "GET", "http://"+server+tt.path, nil)
			for _, h := range []string{"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "Referer", "Accept"} {
				req.Header.Set(h, "swordfish")
			}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			got := <-seen
			for _, h := range []string{"Authorization", "Cookie", "X-Api-Key", "Referer"} {
				if (got.Get(h) != "") != tt.kept {
					t.Errorf("%s: %q", h, got.Get(h))
				}
			}
			if got.Get("Accept") != "swordfish" {
				t.Error("Accept is lost")
			}
			if resp.Request.URL.String() == req.URL.String() {
				t.Error("the answer does not say where it came from in the end")
			}
		})
	}
}

func TestARedirectDoesNotGiveUpEncryption(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was followed") })
	s := httptest.NewTLSServer(http.RedirectHandler("http://"+plain+"/", http.StatusFound))
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	g := guard(t, Options{Roots: roots}, plain, s.Listener.Addr().String())
	_, err := get(With(t.Context(), Limits{Redirects: 5}), g.Client("test"), s.URL)
	if r := (*Refused)(nil); !errors.As(err, &r) || !strings.Contains(err.Error(), "encryption") {
		t.Errorf("%v", err)
	}
}

// certificate makes a server's certificate by an authority of our own.
func certificate(t testing.TB, name string, from, to time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	caKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: from.AddDate(-5, 0, 0), NotAfter: to.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		t.Fatal(err)
	}
	ca, _ = x509.ParseCertificate(caDER)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestCertificateErrorsAreErrors(t *testing.T) {
	now := time.Now()
	resolver := names(t, func(string, bool, int) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	for name, tt := range map[string]struct {
		cert     string
		from, to time.Time
		trusted  bool
		version  uint16
		good     bool
	}{
		"good":           {"social.example", now.Add(-time.Hour), now.Add(time.Hour), true, 0, true},
		"wrong name":     {"other.example", now.Add(-time.Hour), now.Add(time.Hour), true, 0, false},
		"expired":        {"social.example", now.Add(-2 * time.Hour), now.Add(-time.Hour), true, 0, false},
		"not yet valid":  {"social.example", now.Add(time.Hour), now.Add(2 * time.Hour), true, 0, false},
		"self-signed":    {"social.example", now.Add(-time.Hour), now.Add(time.Hour), false, 0, false},
		"an old version": {"social.example", now.Add(-time.Hour), now.Add(time.Hour), true, tls.VersionTLS11, false},
	} {
		t.Run(name, func(t *testing.T) {
			cert, pool := certificate(t, tt.cert, tt.from, tt.to)
			if !tt.trusted {
				pool = x509.NewCertPool()
			}
			var reached atomic.Bool
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached.Store(true) }))
			s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tt.version}
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
			g := guard(t, Options{Roots: pool, Resolver: resolver}, "social.example:"+port)
			for _, method := range []string{"GET", "POST"} {
				req, _ := http.NewRequestWithContext(t.Context(), method, "https://social.example:"+port+"/", strings.NewReader("x"))
				resp, err := g.Client("test").Do(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				if (err == nil) != tt.good || reached.Load() != tt.good || err != nil && !NeverLeft(err) {
					t.Errorf("%s: %v, reached %v", method, err, reached.Load())
				}
			}
		})
	}
}

func TestTheLogNamesWhatWasRefusedAndNoSecret(t *testing.T) {
	var out bytes.Buffer
	g := guard(t, Options{Log: slog.New(slog.NewTextHandler(&out, nil))})
	_, err := get(t.Context(), g.Client("link preview"), "http://127.0.0.1:9/path?access_token=swordfish")
	if !strings.Contains(out.String(), `purpose="link preview" host=127.0.0.1:9`) || strings.Contains(out.String(), "swordfish") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("the log says %s", out.String())
	}
	if !strings.Contains(err.Error(), "swordfish") || strings.Contains(Cause(err).Error(), "swordfish") {
		t.Errorf("Cause leaves %v", Cause(err))
	}
}

func TestTheUserAgentIsOursUnlessTheCallHasOne(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.UserAgent())) })
	g := guard(t, Options{UserAgent: "Switchboard/1"}, server)
	if got, err := get(t.Context(), g.Client("test"), "http://"+server); err != nil || got != "Switchboard/1" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAConnectionMayBecomeAnother(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close() }()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = rw.Flush()
		_, _ = io.Copy(c, rw)
	})
	g := guard(t, Options{}, server)
	for name, client := range map[string]*http.Client{"of a purpose": g.Client("test"), "of an account": g.Account("a")} {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(With(t.Context(), Limits{Time: 800 * time.Millisecond}), "GET", "http://"+server, nil)
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "echo")
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			rw, ok := resp.Body.(io.ReadWriteCloser)
			if !ok {
				t.Fatal("it cannot be written to")
			}
			time.Sleep(900 * time.Millisecond) // past the limit of a call
			if _, err := rw.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 5)
			if _, err := io.ReadFull(rw, b); err != nil || string(b) != "hello" {
				t.Errorf("%q, %v", b, err)
			}
			_ = rw.Close()
		})
	}
}
