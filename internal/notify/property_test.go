package notify_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

// For any stream of events: by mail nobody is told more than once in a minute, nobody hears of what they may not see, and
// everything that concerns somebody stands in their list.
func TestAnyStreamOfEvents(t *testing.T) {
	if os.Getenv("SWITCHBOARD_FULL") == "" { // each stream has a house of its own
		checks := flag.Lookup("rapid.checks").Value
		before := checks.String()
		t.Cleanup(func() { _ = checks.Set(before) })
		_ = checks.Set("20")
	}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t, storetest.SQLite(t))
		people := []staff.Actor{w.sue, w.sam, w.bob}
		w.wants(w.sue, notify.QuietOff, notify.AtOnce, "put_through", "queue", "wrote")
		w.wants(w.sam, notify.QuietTimes, notify.Hourly, "put_through", "queue", "wrote")
		w.wants(w.bob, notify.QuietHours, notify.Morning, "put_through", "queue", "wrote")
		last := map[string]time.Time{}
		want := map[staff.PersonID]int{}
		var mine []desk.ConversationID
		for range rapid.IntRange(5, 25).Draw(r, "steps") {
			who := people[rapid.IntRange(0, 2).Draw(r, "who")]
			by := append(people, w.boss)[rapid.IntRange(0, 3).Draw(r, "by")]
			switch rapid.IntRange(0, 4).Draw(r, "event") {
			case 0: // put through to a person of their department
				c := w.talk(who.Departments[0], who.Person)
				w.happens(journal.Entry{At: w.clock.Now(), Who: by.Who(), What: journal.HandedOver, Conversation: int64(c), Data: journal.Data("department", who.Departments[0], "person", who.Person)})
				if by.Person != who.Person {
					want[who.Person]++
				}
			case 1: // put through to somebody, but it is another department's by now
				c := w.talk(w.department("Other "+fmt.Sprint(w.Store.IDs.Next())), 0)
				mine = append(mine, c)
				w.happens(journal.Entry{At: w.clock.Now(), Who: by.Who(), What: journal.HandedOver, Conversation: int64(c), Data: journal.Data("department", who.Departments[0], "person", who.Person)})
			case 2: // into a queue
				c := w.talk(who.Departments[0], 0)
				w.happens(journal.Entry{At: w.clock.Now(), Who: by.Who(), What: journal.PutThrough, Conversation: int64(c), Data: journal.Data("department", who.Departments[0])})
				for _, p := range people {
					if p.In(who.Departments[0]) && p.Person != by.Person {
						want[p.Person]++
					}
				}
			case 3: // a storm of one contact
				c := w.talk(who.Departments[0], who.Person)
				n := rapid.IntRange(1, 60).Draw(r, "messages")
				var list []journal.Entry
				for range n {
					list = append(list, journal.Entry{At: w.clock.Now(), Who: "contact:1", What: journal.MessageArrived, Conversation: int64(c)})
				}
				w.happens(list...)
				want[who.Person] += n
			case 4:
				w.clock.Add(time.Duration(rapid.IntRange(1, 7200).Draw(r, "seconds")) * time.Second)
			}
			w.send()
			for _, l := range w.mailed() {
				now := w.clock.Now()
				if at, ok := last[l.To]; ok && now.Sub(at) < time.Minute {
					r.Fatalf("%s is told at %v and %v", l.To, at, now)
				}
				last[l.To] = now
			}
		}
		for _, p := range people {
			n, page := 0, notify.Page{Next: ""}
			for first := true; first || page.Next != ""; first = false {
				var err error
				page, err = w.Bell.List(context.Background(), p, page.Next, false)
				w.must(err)
				for _, t := range page.Items {
					n += t.Count
					for _, c := range mine {
						if t.Conversation == c {
							r.Fatalf("%s is told of what they may not see", p.Name)
						}
					}
				}
			}
			if n != want[p.Person] {
				r.Fatalf("%s has %d in the list; %d happened", p.Name, n, want[p.Person])
			}
		}
	})
}
