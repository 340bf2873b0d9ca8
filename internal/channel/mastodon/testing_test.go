package mastodon

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"
	sim "switchboard/internal/sim/mastodon"
)

// loud is a server that makes everything public, as its answer to us says.
type loud struct{}

func (loud) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		b = bytes.ReplaceAll(b, []byte(`"direct"`), []byte(`"public"`))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestATestThatOthersSeeIsTakenBackAndNamed(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	s.net.HTTP = &http.Client{Transport: loud{}}
	_, err := s.conn(t, nil).Test(t.Context(), "ahk3xq7m2v5wd")
	if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || !strings.Contains(tr.Message, "as public; it was deleted") {
		t.Errorf("%+v", err)
	}
	if all := s.Published(); len(all) != 2 || all[1].Kind != far.Delete || all[1].ID != all[0].ID {
		t.Errorf("the record holds %+v", all)
	}
}

func TestWhatCameOfATestIsSaid(t *testing.T) {
	for name, tt := range map[string]struct {
		fault      far.Fault
		seen, gone bool
		note       string
	}{
		"all is well": {far.Fault{On: "GET /nowhere", Do: far.ServerError}, true, true, ""},
		"it can't be deleted": {far.Fault{On: far.Send, Do: far.TooMany}, true, false,
			"It could not be deleted (the server asks us to wait"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), sim.Options{})
			c := s.conn(t, nil)
			s.Faults().Set(far.Fault{On: "POST /api/v1/statuses", Do: far.Garble, Times: 1}) // the post itself is taken
			s.Faults().Set(tt.fault)
			got, err := c.Test(t.Context(), "ahk3xq7m2v5wd")
			if err != nil || got.Seen != "" != tt.seen || got.Gone != tt.gone || !strings.HasPrefix(got.Note, tt.note) || tt.note == "" && got.Note != "" {
				t.Errorf("%+v, %v", got, err)
			}
			s.Faults().Clear()
			if tt.gone {
				return
			}
			if !strings.Contains(got.Note, "delete it by hand at http") {
				t.Errorf("%q says not what to do", got.Note)
			}
			if _, err := c.Publish(t.Context(), channel.Outgoing{Key: "ahk3xq7m2v5we", Text: "Good morning"}); err != nil {
				t.Errorf("that it may delete nothing now keeps it from speaking: %v", err)
			}
		})
	}
}

// TestANoteToOneselfIsNoMessage: what names nobody and answers nothing, in private, is for nobody's eyes.
func TestANoteToOneselfIsNoMessage(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	c := s.conn(t, nil)
	note := s.Server.Say("acme_help", "remember the milk", sim.SayOptions{Visibility: "direct"})
	asked := s.Server.Say("ann@chat.example", "@acme_help where is it?", sim.SayOptions{Visibility: "direct"})
	said := s.Server.Say("acme_help", "on its way", sim.SayOptions{Visibility: "direct", InReplyTo: asked})
	page, err := c.Fetch(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string]bool{}
	for _, e := range page.Events {
		heard[e.RemoteID] = true
	}
	if heard[note] || !heard[asked] || !heard[said] {
		t.Errorf("heard %v; want %q and %q, not %q", heard, asked, said, note)
	}
}
