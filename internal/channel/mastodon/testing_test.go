package mastodon

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
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

// TestWhatALostTestLeavesIsDeleted: the server has it, and its answer never came.
func TestWhatALostTestLeavesIsDeleted(t *testing.T) {
	const post = "POST /api/v1/statuses"
	for name, tt := range map[string]struct {
		faults []far.Fault
		limit  time.Duration
		left   int
		note   string // of what nobody knows
	}{
		"the answer was lost":     {faults: []far.Fault{{On: post, Do: far.LostAnswer}}},
		"a proxy has a fault":     {faults: []far.Fault{{On: post, Do: far.TakenServerError}}},
		"a proxy asks us to wait": {faults: []far.Fault{{On: post, Do: far.TakenTooMany}}},
		"time is over":            {faults: []far.Fault{{On: post, Do: far.LateAnswer}}, limit: 500 * time.Millisecond},
		"it was never taken":      {faults: []far.Fault{{On: post, Do: far.ServerError}}, note: "It is not among the account's posts: delete it"},
		"it can't be looked for": {faults: []far.Fault{{On: post, Do: far.LostAnswer}, {On: far.Read, Do: far.ServerError}}, left: 1,
			note: "It could not be looked for (the server has a problem of its own): look"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), sim.Options{})
			c := s.conn(t, nil)
			if _, err := c.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, f := range tt.faults {
				s.Faults().Set(f)
			}
			ctx := t.Context()
			if tt.limit > 0 {
				short, stop := context.WithTimeout(ctx, tt.limit)
				defer stop()
				ctx = short
			}
			got, err := c.Test(ctx, "ahk3xq7m2v5wd")
			s.Faults().Clear()
			if (err != nil) != (tt.note != "") || err != nil && !channel.TroubleOf(err).Unclear || err == nil && !got.Gone || !strings.HasPrefix(got.Note, tt.note) {
				t.Errorf("%+v, %v", got, err)
			}
			left := 0
			for _, e := range s.Published() {
				if left++; e.Kind == far.Delete {
					left -= 2
				}
			}
			if left != tt.left {
				t.Errorf("%d are left: %+v", left, s.Published())
			}
		})
	}
}

// TestOnlyAStopIsCalledAStop: the gate also fails when the database does.
func TestOnlyAStopIsCalledAStop(t *testing.T) {
	g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	for _, closed := range []error{channel.ErrStopped, errors.New("the disk is full"), context.DeadlineExceeded} {
		s := newSite(t, channeltest.NewClock(), sim.Options{})
		s.net.HTTP = g.Account("acme")
		asked := 0
		got, err := s.conn(t, nil).Test(egress.WithGate(t.Context(), func(context.Context) error {
			if asked++; asked > 1 {
				return closed
			}
			return nil
		}), "ahk3xq7m2v5wd")
		if err != nil || got.Gone || strings.Contains(got.Note, "the account was stopped meanwhile") != (closed == channel.ErrStopped) {
			t.Errorf("%v: %+v, %v", closed, got, err)
		}
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
