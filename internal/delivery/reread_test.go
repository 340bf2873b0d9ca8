package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
)

// What was taken back at a far side that tells nobody of it is seen wherever it stands: also when it is not the last thing said, or
// its conversation waits, sleeps or is closed.
func TestWhatWasTakenBackIsSeenWhereverItStands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "bluesky", "reread")
		leave := map[string]func(desk.ConversationID) error{
			"is open": func(desk.ConversationID) error { return nil },
			"is not the last": func(c desk.ConversationID) error {
				first, err := desk.LastInbound(t.Context(), w.Store.Read(), c)
				must(t, err)
				e := channel.Event{Kind: channel.Said, RemoteID: "later", At: w.clock.Now(), Message: channel.Message{RemoteID: "later", Kind: channel.Reply, Text: "And my other order?",
					At: w.clock.Now(), ParentID: first.RemoteID, ThreadID: first.Rest.Thread, From: s.author(t, first)}}
				return w.Intake.Take(t.Context(), s.Account, []channel.Event{e}, nil)
			},
			"is closed": func(c desk.ConversationID) error {
				_, err := w.Desk.Close(t.Context(), w.Boss, c, "")
				return err
			},
			"waits": func(c desk.ConversationID) error {
				_, err := w.Desk.AnsweredByHand(t.Context(), w.Boss, c, "by telephone", time.Time{})
				return err
			},
			"sleeps": func(c desk.ConversationID) error {
				_, err := w.Desk.Snooze(t.Context(), w.Boss, c, w.clock.Now().Add(240*time.Hour))
				return err
			},
		}
		gone := map[string]desk.MessageID{}
		for name, f := range leave {
			c, m := s.asks(t, "ann"+strings.ReplaceAll(name, " ", ""), fmt.Sprintf("Where is my %s order?", name), false)
			must(t, f(c))
			gone[name] = m
		}
		for _, m := range gone {
			s.remove(w.remoteOf(t, m))
		}
		for name, m := range gone {
			until(t, "what was taken back is seen where it "+name, time.Minute, func() bool {
				w.clock.advance(3 * time.Minute)
				time.Sleep(50 * time.Millisecond)
				list, err := desk.Messages(t.Context(), w.Store.Read(), []desk.MessageID{m})
				must(t, err)
				return !list[m].DeletedAt.IsZero()
			})
		}
	})
}

// author is who said a message, as the channel knows them.
func (s *side) author(t testing.TB, m desk.Message) channel.Identity {
	t.Helper()
	i, err := desk.SaidBy(t.Context(), s.w.Store.Read(), m)
	must(t, err)
	return i
}
