package hook

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
)

// blocks are the examples of the documentation in a language.
func blocks(t *testing.T, language string) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/channels/hook.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		all = append(all, m[1])
	}
	return all
}

// TestTheExamplesOfTheDocumentationWork: what it shows to be posted is heard, and what it shows to be sent is what is sent.
func TestTheExamplesOfTheDocumentationWork(t *testing.T) {
	heardSome, asWeSend, tests := 0, 0, 0
	for _, example := range blocks(t, "json") {
		switch {
		case strings.Contains(example, `"events"`):
			c, b, _ := heard(t)
			events, _, err := c.Hear(t.Context(), b.Call([]byte(example)))
			if err != nil {
				t.Errorf("%v in\n%s", err, example)
			}
			heardSome += len(events)
		case strings.Contains(example, `"type": "test"`):
			var x test
			if err := strictly([]byte(example), &x, "example"); err != nil || x.Key == "" || !x.Private {
				t.Errorf("%+v, %v in\n%s", x, err, example)
			}
			tests++
		case strings.Contains(example, `"type"`):
			var o outgoing
			if err := strictly([]byte(example), &o, "example"); err != nil || o.Parent == nil || o.Text == "" {
				t.Errorf("%+v, %v in\n%s", o, err, example)
			}
			asWeSend++
		case !json.Valid([]byte(example)):
			t.Errorf("not JSON:\n%s", example)
		}
	}
	if heardSome != 4 || asWeSend != 1 || tests != 1 {
		t.Errorf("%d events, %d answers and %d tests were found in the documentation; want 4, 1 and 1", heardSome, asWeSend, tests)
	}
	if signatures := blocks(t, "text"); len(signatures) != 1 || strings.TrimSpace(signatures[0]) != documented {
		t.Errorf("the documentation gives %q as its signature; it is %q", signatures, documented)
	}
}

// TestTheCommandOfTheDocumentationWorks runs it, with curl and openssl, against the connector.
func TestTheCommandOfTheDocumentationWorks(t *testing.T) {
	for _, tool := range []string{"sh", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the command needs %s, and there is none on this machine", tool)
		}
	}
	c := hearing(t, time.Now, "a secret with 'quotes' and $signs")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, a, err := c.Hear(r.Context(), channel.Call{Method: r.Method, Header: r.Header, Body: body})
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body)
	}))
	defer server.Close()
	scripts := blocks(t, "sh")
	if len(scripts) != 1 {
		t.Fatalf("%d commands in the documentation", len(scripts))
	}
	_, rest, ok := strings.Cut(scripts[0], "\n") // the first line holds the reader's own address and secret
	cmd := exec.Command("sh", "-c", rest)
	cmd.Env = append(os.Environ(), "ADDRESS="+server.URL, "SECRET=a secret with 'quotes' and $signs", "no_proxy=*")
	out, err := cmd.CombinedOutput()
	if err != nil || !ok || string(out) != "{\"accepted\":0}\n" {
		t.Errorf("the command says %s, %v", out, err)
	}
}
