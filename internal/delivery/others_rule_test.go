package delivery

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
)

// Whatever was said: an answer is offered to nobody but those who were in it, never to us or to who wrote, to nobody twice, and to
// those in what is answered first.
func TestOthersAreOnlyWhoWasInAMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"ann@far.example", "Ann@far.example", "ben@far.example", "cleo@far.example", "help@acme.example", "HELP@acme.example", "press@acme.example", "",
			"dora@käse.example", "Dora@xn--kse-qla.example", "help@müller.example", "help@xn--mller-kva.example"}
		ours := map[string]bool{"help@acme.example": true, "press@acme.example": true, "help@xn--mller-kva.example": true}
		var said []desk.Message
		for k := range rapid.IntRange(1, 6).Draw(t, "messages") {
			m := desk.Message{ID: desk.MessageID(k + 1), Account: 1, Direction: desk.In, Identity: 1, Private: true}
			if rapid.Bool().Draw(t, "ours") && k > 0 {
				m.Direction, m.Identity = desk.Out, 0
			}
			if rapid.IntRange(0, 4).Draw(t, "elsewhere") == 0 && k > 0 {
				m.Account = 2
			}
			for _, at := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 5).Draw(t, "to") {
				m.Rest.To = append(m.Rest.To, channel.Identity{RemoteID: at})
			}
			said = append(said, m)
		}
		parent := said[0]
		list := others(parent, "ann@far.example", said, ours)
		in := func(m desk.Message, id string) bool {
			return slices.ContainsFunc(m.Rest.To, func(i channel.Identity) bool { return channel.AddressKey(i.RemoteID) == id })
		}
		seen := map[string]bool{}
		for k, o := range list {
			id := channel.AddressKey(o.RemoteID)
			if id == "" || ours[id] || id == "ann@far.example" || seen[id] {
				t.Errorf("%q is offered", o.RemoteID)
			}
			seen[id] = true
			if o.Earlier == in(parent, id) || k > 0 && list[k-1].Earlier && !o.Earlier {
				t.Errorf("%q, earlier %v, is in its place %d", id, o.Earlier, k)
			}
			if !slices.ContainsFunc(said, func(m desk.Message) bool { return m.Direction == desk.In && m.Account == 1 && in(m, id) }) {
				t.Errorf("%q was in no message", id)
			}
		}
		for _, i := range parent.Rest.To {
			if id := channel.AddressKey(i.RemoteID); id != "" && id != "ann@far.example" && !ours[id] && !seen[id] {
				t.Errorf("%q was in the message, and is left out", id)
			}
		}
	})
}
