package bluesky

import (
	"context"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

func TestWhatCameOfATestIsSaid(t *testing.T) {
	for name, tt := range map[string]struct {
		fault far.Fault
		left  int // records that stay
		deed  channel.Deed
		note  string
	}{
		"all is well":                {far.Fault{On: "/nowhere", Do: far.ServerError}, 0, "", ""},
		"the answer was lost":        {far.Fault{On: far.Send, Do: far.LostAnswer}, 0, "", ""},
		"it can't be read":           {far.Fault{On: "/xrpc/com.atproto.repo.getRecord", Do: far.ServerError}, 0, "", "It could not be read back: "},
		"it can't be deleted":        {far.Fault{On: "delete", Do: far.ServerError}, 1, "", "It could not be deleted (Bluesky has a fault of its own); no app shows it."},
		"the host wants known kinds": {far.Fault{On: far.Send, Do: far.Answer, Status: 400, Body: []byte(`{"error":"InvalidRequest","message":"Unknown lexicon type"}`)}, 0, channel.Fix, ""},
		"the account is gone":        {far.Fault{On: far.Send, Do: far.Answer, Status: 401, Body: []byte(`{"error":"AccountTakedown","message":"x"}`)}, 0, channel.Reconnect, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			e.Faults().Set(tt.fault)
			got, err := e.conn.(channel.Tester).Test(t.Context(), "ahk3xq7m2v5wd")
			e.Faults().Clear()
			if tr := channel.TroubleOf(err); (err != nil) != (tt.deed != "") || err != nil && (tr.Deed != tt.deed || tr.Unclear) {
				t.Fatalf("%+v, %+v; want %q", got, err, tt.deed)
			}
			if n := e.Hidden(); n != tt.left || got.Gone != (err == nil && n == 0) {
				t.Errorf("%d records stay, told %+v", n, got)
			}
			if !strings.HasPrefix(got.Note, tt.note) || tt.note == "" && got.Note != "" {
				t.Errorf("told %q; want %q", got.Note, tt.note)
			}
		})
	}
}

// TestWhatALostTestLeavesIsDeleted: the host has it, and it can't be seen, or time is over.
func TestWhatALostTestLeavesIsDeleted(t *testing.T) {
	const read, remove = "/xrpc/com.atproto.repo.getRecord", "delete"
	lost := far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1}
	for name, tt := range map[string]struct {
		faults  []far.Fault
		limit   time.Duration
		left    int
		unclear bool
		note    string
	}{
		"it can't be read":    {faults: []far.Fault{lost, {On: read, Do: far.ServerError}}, unclear: true, note: "What may have arrived of it was deleted there"},
		"it was never taken":  {faults: []far.Fault{{On: far.Send, Do: far.RefusedClosed, Times: 1}}, note: "What may have arrived of it was deleted there"},
		"time is over":        {faults: []far.Fault{{On: far.Send, Do: far.LateAnswer, Times: 1}}, limit: 500 * time.Millisecond},
		"it can't be deleted": {faults: []far.Fault{lost, {On: read, Do: far.ServerError}, {On: remove, Do: far.ServerError}}, left: 1, unclear: true, note: "If it arrived, it is still there (Bluesky has a fault"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			if _, err := e.conn.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, f := range tt.faults {
				e.Faults().Set(f)
			}
			ctx := t.Context()
			if tt.limit > 0 {
				short, stop := context.WithTimeout(ctx, tt.limit)
				defer stop()
				ctx = short
			}
			got, err := e.conn.(channel.Tester).Test(ctx, "ahk3xq7m2v5wd")
			e.Faults().Clear()
			if (err != nil) != (tt.note != "") || err != nil && channel.TroubleOf(err).Unclear != tt.unclear || !strings.HasPrefix(got.Note, tt.note) {
				t.Errorf("%+v, %+v", got, err)
			}
			if n := e.Hidden(); n != tt.left {
				t.Errorf("%d records stay", n)
			}
		})
	}
}
