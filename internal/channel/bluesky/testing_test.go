package bluesky

import (
	"strings"
	"testing"

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
