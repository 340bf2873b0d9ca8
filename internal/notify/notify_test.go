package notify_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

func TestWhoIsToldOfWhat(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		for name, tt := range map[string]struct {
			owner staff.PersonID // of the conversation, in Support
			e     journal.Entry
			want  map[string][]string // by who, what they are told
		}{
			"put through to a person": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.PutThrough, Data: journal.Data("department", w.support, "person", w.sue.Person)},
				map[string][]string{"sue": {"The conversation with Kim is put through to you"}}},
			"handed over by the boss": {w.sue.Person, journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Data: journal.Data("from", w.billing, "fromPerson", w.sam.Person, "department", w.support, "person", w.sue.Person)},
				map[string][]string{"sue": {"Ada put the conversation with Kim through to you"}, "sam": {"The conversation with Kim went from you to somebody else"}}},
			"claimed by handing it to oneself": {w.sue.Person, journal.Entry{Who: w.sue.Who(), What: journal.HandedOver, Data: journal.Data("from", w.support, "department", w.support, "person", w.sue.Person)}, nil},
			"put into a queue": {0, journal.Entry{Who: journal.Machine, What: journal.PutThrough, Data: journal.Data("department", w.support)},
				map[string][]string{"sue": {"The conversation with Kim came into the queue of Help desk"}, "sam": {"The conversation with Kim came into the queue of Help desk"}}},
			"the contact writes again": {w.sue.Person, journal.Entry{Who: "contact:1", What: journal.MessageArrived, Data: journal.Data()},
				map[string][]string{"sue": {"Kim wrote again"}}},
			"the contact opens it":                 {w.sue.Person, journal.Entry{Who: "contact:1", What: journal.MessageArrived, Data: journal.Data("opened", true)}, nil},
			"we wrote in the network's own app":    {w.sue.Person, journal.Entry{What: journal.MessageArrived, Data: journal.Data("own", true)}, nil},
			"asked of a person who may not see it": {w.sue.Person, journal.Entry{Who: w.sue.Who(), What: journal.Asked, Data: journal.Data("department", w.billing, "person", w.bob.Person)}, nil},
			"asked of the own department": {0, journal.Entry{Who: w.sue.Who(), What: journal.Asked, Data: journal.Data("department", w.support)},
				map[string][]string{"sam": {"Sue Miller asks Help desk something in the conversation with Kim"}}},
			"what one asked is answered": {w.sam.Person, journal.Entry{Who: w.bob.Who(), What: journal.RequestAnswered, Data: journal.Data("department", w.billing, "person", w.bob.Person, "from", w.sam.Person)},
				map[string][]string{"sam": {"Bob Smith answered what you asked in the conversation with Kim"}}},
			"what one asks could not be delivered": {0, journal.Entry{Who: journal.Machine, What: journal.RequestUndelivered, About: "request:4", Data: journal.Data("department", w.billing, "toPerson", w.bob.Person, "from", w.sam.Person)},
				map[string][]string{"sam": {"The e-mail that asks for you could not be delivered in the conversation with Kim"}}},
			"the clock of one's own warns": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.ClockWarned, Data: journal.Data("department", w.support, "person", w.sue.Person)},
				map[string][]string{"sue": {"Time is running out for the conversation with Kim"}}},
			"the clock of a queue is up": {0, journal.Entry{Who: journal.Machine, What: journal.ClockBreached, Data: journal.Data("department", w.support, "person", "")},
				map[string][]string{"sue": {"The time for an answer is up in the conversation with Kim"}, "sam": {"The time for an answer is up in the conversation with Kim"}}},
			"taken back": {0, journal.Entry{Who: journal.Machine, What: journal.TakenBack, Data: journal.Data("department", w.support, "person", w.sue.Person)},
				map[string][]string{"sue": {"The conversation with Kim came into the queue of Help desk", "The conversation with Kim went from you to somebody else"}, "sam": {"The conversation with Kim came into the queue of Help desk"}}},
			"what one is asked is due soon": {0, journal.Entry{Who: journal.Machine, What: journal.RequestReminded, About: "request:1", Data: journal.Data("department", w.support, "person", w.sam.Person)},
				map[string][]string{"sam": {"What you are asked is due soon in the conversation with Kim"}}},
			"what was asked is late": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.RequestLate, About: "request:2", Data: journal.Data("department", w.billing, "person", w.bob.Person, "ownerDepartment", w.support, "ownerPerson", w.sue.Person)},
				map[string][]string{"sue": {"What was asked is late in the conversation with Kim"}}},
			"asked in place of a colleague": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.RequestEscalated, About: "request:3", Data: journal.Data("department", w.billing, "toDepartment", w.support, "toPerson", w.sam.Person)},
				map[string][]string{"sam": {"A colleague is late: you are asked in the conversation with Kim"}}},
			"an answer failed": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.DeliveryFailed, About: "delivery:1", Data: journal.Data("author", w.sue.Person)},
				map[string][]string{"sue": {"Your answer could not be sent in the conversation with Kim"}}},
			"an answer that nobody knows of": {w.sue.Person, journal.Entry{Who: journal.Machine, What: journal.DeliveryUnknown, About: "delivery:2", Data: journal.Data("author", w.sue.Person)},
				map[string][]string{"sue": {"Nobody knows whether your answer arrived in the conversation with Kim: look, and say so"}}},
			"an answer waits for an approval": {w.sue.Person, journal.Entry{Who: w.sue.Who(), What: journal.DeliveryHeld, About: "delivery:3", Data: journal.Data("author", w.sue.Person)},
				map[string][]string{"boss": {"An answer of Sue Miller waits for an approval in the conversation with Kim"}}},
			"it is let out": {w.sue.Person, journal.Entry{Who: w.boss.Who(), What: journal.DeliveryApproved, About: "delivery:4", Data: journal.Data("author", w.sue.Person)},
				map[string][]string{"sue": {"Ada let your answer out in the conversation with Kim"}}},
		} {
			t.Run(name, func(t *testing.T) {
				for _, who := range []staff.Actor{w.boss, w.sue, w.sam, w.bob, w.vic} {
					w.must(w.Bell.MarkAll(t.Context(), who, monday.Add(time.Hour)))
				}
				tt.e.Conversation = int64(w.talk(w.support, tt.owner))
				w.happens(tt.e)
				for who, actor := range map[string]staff.Actor{"boss": w.boss, "sue": w.sue, "sam": w.sam, "bob": w.bob, "vic": w.vic} {
					got := w.told(actor)
					slices.Sort(got)
					if !slices.Equal(got, tt.want[who]) {
						t.Errorf("%s is told %q; want %q", who, got, tt.want[who])
					}
				}
			})
		}
	})
}

func TestWhoIsAskedIsToldWithoutSeeingTheConversation(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		w.wants(w.bob, notify.QuietOff, notify.AtOnce, "asked", "due")
		for _, shows := range []desk.Shows{desk.ShowsQuestion, desk.ShowsAll} {
			c := w.talk(w.support, w.sue.Person)
			r, err := w.Desk.Ask(t.Context(), w.sue, c, desk.Asking{Person: w.bob.Person, Text: "Is it paid?", Shows: shows})
			w.must(err)
			w.happens(journal.Entry{Who: journal.Machine, What: journal.RequestReminded, Conversation: int64(c), About: journal.About("request", r.ID),
				Data: journal.Data("department", w.billing, "person", w.bob.Person)})
			p, err := w.Bell.List(t.Context(), w.bob, "", true)
			w.must(err)
			want, path := []string{"What you are asked is due soon", "Sue Miller asks you something"}, "/inbox/asked"
			if shows == desk.ShowsAll {
				want, path = []string{want[0] + " in the conversation with Kim", want[1] + " in the conversation with Kim"}, "/conversations/"+c.String()
			}
			if got := w.told(w.bob); !slices.Equal(got, want) || p.Unread != 2 {
				t.Fatalf("shown %q Bob is told %q, %d unread; want %q", shows, got, p.Unread, want)
			}
			for _, n := range p.Items {
				if n.Path() != path || (n.Contact+n.Excerpt != "") != (shows == desk.ShowsAll) {
					t.Errorf("shown %q he is told %+v, which leads to %s", shows, n, n.Path())
				}
			}
			w.send()
			for _, l := range w.mailed() {
				if shows == desk.ShowsQuestion && strings.Contains(l.Subject+l.Text+l.HTML, "Kim") {
					t.Errorf("the mail names the contact: %s", l.Text)
				}
			}
			_, err = w.Desk.Answer(t.Context(), w.bob, r.ID, "It is.")
			w.must(err)
			w.read()
			if got := w.told(w.bob); len(got) != 0 {
				t.Errorf("when it is answered he is told %q", got)
			}
			w.clock.Add(2 * time.Minute)
		}
	})
}

func TestWhomARequestIsPassedOnToIsTold(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		ben := w.hire("Ben Brown", staff.Contributor, w.billing)
		r, err := w.Desk.Ask(t.Context(), w.sue, w.talk(w.support, w.sue.Person), desk.Asking{Person: w.bob.Person, Text: "Is it paid?", Shows: desk.ShowsQuestion})
		w.must(err)
		_, err = w.Desk.Pass(t.Context(), w.bob, r.ID, desk.Asking{Person: ben.Person}, "he has the books")
		w.must(err)
		w.read()
		if got := w.told(ben); !slices.Equal(got, []string{"Bob Smith passed something asked on to you"}) {
			t.Errorf("Ben is told %q", got)
		}
	})
}

func TestWhoIsMentionedInANote(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		for text, want := range map[string]bool{
			"@Sue Miller, please look":  true,
			"please look, @sue.":        true,
			"@help desk, who knows?":    true,
			"sue@acme.example wrote":    false,
			"@Suez is a canal":          false,
			"ask Sue":                   false,
			"@Bob Smith may not see it": false,
		} {
			w.must(w.Bell.MarkAll(t.Context(), w.sue, monday.Add(time.Hour)))
			c := w.talk(w.support, w.sam.Person)
			_, err := w.Desk.WriteNote(t.Context(), w.boss, c, text)
			w.must(err)
			w.read()
			if got := w.told(w.sue); (len(got) == 1 && strings.HasPrefix(got[0], "Ada mentions you")) != want {
				t.Errorf("%q: Sue is told %q", text, got)
			}
			if got := w.told(w.bob); len(got) != 0 {
				t.Errorf("%q: Bob, who may not see it, is told %q", text, got)
			}
		}
	})
}

func TestAnAccountInTroubleIsTheBusinessOfWhoManagesAccounts(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		e := journal.Entry{Who: journal.Machine, What: journal.AccountTrouble, About: journal.About("account", w.account), Data: journal.Data("message", "the token is dead")}
		w.happens(e, e)
		if got := w.told(w.boss); len(got) != 1 || got[0] != "The account @acme is in trouble" {
			t.Errorf("the boss is told %q", got)
		}
		if got := append(w.told(w.sue), w.told(w.vic)...); len(got) != 0 {
			t.Errorf("others are told %q", got)
		}
	})
}

func TestAStormIsTheBusinessOfWhoSeesEverything(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		began := journal.Entry{Who: journal.Machine, What: journal.IncidentBegan, About: "incident:" + w.account.String(), Data: journal.Data("kind", "hashtag", "conversations", 12, "usual", 1)}
		w.happens(began)
		p, err := w.Bell.List(t.Context(), w.boss, "", false)
		if err != nil || len(p.Items) != 1 || p.Items[0].Say() != "Many people write about one thing at once" || p.Items[0].Path() != "/incidents/"+w.account.String() {
			t.Errorf("the boss is told %+v, %v", p.Items, err)
		}
		if got := w.told(w.sue); len(got) != 0 {
			t.Errorf("Sue is told %q", got)
		}
	})
}

func TestWhatIsOfOneQueueIsOneLineUntilItIsRead(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		for range 3 {
			w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(w.talk(w.support, 0)), Data: journal.Data("department", w.support)})
		}
		p, err := w.Bell.List(t.Context(), w.sue, "", false)
		if err != nil || len(p.Items) != 1 || p.Unread != 1 || p.Items[0].Count != 3 || p.Items[0].Say() != "3 more came into the queue of Help desk" {
			t.Fatalf("Sue is told %+v, %v", p, err)
		}
		if path := p.Items[0].Path(); path != "/inbox/unowned?department="+w.support.String() {
			t.Errorf("it leads to %s", path)
		}
		if err := w.Bell.MarkRead(t.Context(), w.sam, []notify.ID{p.Items[0].ID}); !fault.Is(err, fault.NotFound) {
			t.Errorf("Sam reads Sue's list: %v", err)
		}
		if got := w.told(w.sue); len(got) != 1 {
			t.Errorf("Sam read Sue's list for her: %q", got)
		}
		w.must(w.Bell.MarkRead(t.Context(), w.sue, []notify.ID{p.Items[0].ID}))
		w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(w.talk(w.support, 0)), Data: journal.Data("department", w.support)})
		if p, err := w.Bell.List(t.Context(), w.sue, "", false); err != nil || len(p.Items) != 2 || p.Unread != 1 || p.Items[0].Count != 1 {
			t.Errorf("after she read it she is told %+v, %v", p, err)
		}
	})
}

func TestAListIsReadPageByPage(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		var all []journal.Entry
		for range 120 {
			all = append(all, journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(w.talk(w.support, w.sue.Person)), Data: journal.Data("department", w.support, "person", w.sue.Person)})
		}
		w.happens(all...)
		seen := map[notify.ID]bool{}
		for from := ""; ; {
			p, err := w.Bell.List(t.Context(), w.sue, from, false)
			w.must(err)
			for _, n := range p.Items {
				if seen[n.ID] {
					t.Fatal("one stands on two pages")
				}
				seen[n.ID] = true
			}
			if p.Unread != 100 {
				t.Fatalf("%d unread", p.Unread)
			}
			if from = p.Next; from == "" {
				break
			}
		}
		if len(seen) != 120 {
			t.Errorf("%d of 120 stand in the list", len(seen))
		}
		if _, err := w.Bell.List(t.Context(), w.sue, "nonsense", false); !fault.Is(err, fault.Invalid) {
			t.Errorf("a wrong place: %v", err)
		}
	})
}

func TestMailTellsOfEverythingThatWaited(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		w.wants(w.sue, notify.QuietOff, notify.AtOnce, "put_through")
		for range 3 {
			w.happens(journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(w.talk(w.support, w.sue.Person)), Data: journal.Data("department", w.support, "person", w.sue.Person)})
			w.send()
		}
		got := w.mailed()
		if len(got) != 1 || got[0].To != "suemiller@acme.example" || got[0].Subject != "Ada put the conversation with Kim through to you" || !strings.Contains(got[0].Text, "https://desk.example/conversations/") {
			t.Fatalf("at first %+v", got)
		}
		if strings.Contains(got[0].Text+got[0].HTML, "4711") {
			t.Errorf("the mail says what the contact said: %s", got[0].Text)
		}
		w.clock.Add(59 * time.Second)
		w.send()
		if got := w.mailed(); len(got) != 0 {
			t.Errorf("within the minute: %+v", got)
		}
		w.clock.Add(time.Second)
		w.send()
		if got := w.mailed(); len(got) != 1 || !strings.HasPrefix(got[0].Subject, "2 notifications: ") {
			t.Errorf("after the minute: %+v", got)
		}
	})
}

func TestWhoMayNotSeeItAnyMoreIsNotTold(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		w.wants(w.sue, notify.QuietOff, notify.AtOnce, "put_through")
		c := w.talk(w.support, w.sue.Person)
		w.happens(journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(c), Data: journal.Data("department", w.support, "person", w.sue.Person)})
		_, err := w.Desk.HandOver(t.Context(), w.boss, c, w.billing, 0, "not hers")
		w.must(err)
		w.send()
		if got := w.mailed(); len(got) != 0 {
			t.Errorf("told all the same: %+v", got)
		}
	})
}

func TestWhatWasReadMeanwhileDoesNotGoOut(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		w.wants(w.sue, notify.QuietTimes, notify.AtOnce, "put_through")
		w.clock.Set(time.Date(2026, 3, 2, 22, 0, 0, 0, time.UTC))
		c := w.talk(w.support, w.sue.Person)
		for _, c := range []desk.ConversationID{c, w.talk(w.support, w.sue.Person)} {
			w.happens(journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(c), Data: journal.Data("department", w.support, "person", w.sue.Person)})
		}
		w.must(w.Bell.Looked(t.Context(), w.sue, c))
		w.send()
		if got := w.mailed(); len(got) != 0 {
			t.Errorf("in the quiet: %+v", got)
		}
		next, err := w.Bell.SendDue(t.Context())
		if want := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC); err != nil || !next.Equal(want) {
			t.Errorf("next at %v, %v; want %v", next, err, want)
		}
		w.clock.Set(next)
		w.send()
		if got := w.mailed(); len(got) != 1 || strings.Contains(got[0].Subject, "notifications") {
			t.Errorf("in the morning: %+v", got)
		}
	})
}

func TestNothingIsFiledTwice(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		w.write(journal.Entry{Who: w.boss.Who(), What: journal.HandedOver, Conversation: int64(w.talk(w.support, w.sue.Person)), Data: journal.Data("department", w.support, "person", w.sue.Person)})
		other := &notify.Bell{Store: w.Store, Staff: w.Staff, Desk: w.Desk, Ring: w.Bell.Ring, Client: w.Bell.Client, Now: w.Bell.Now, Log: w.Bell.Log}
		done := make(chan error, 2)
		for _, b := range []*notify.Bell{w.Bell, other} {
			go func() {
				var err error
				for range 20 {
					if _, err = b.Read(context.Background()); err != nil {
						break
					}
				}
				done <- err
			}()
		}
		w.must(<-done)
		w.must(<-done)
		w.read()
		if p, err := w.Bell.List(t.Context(), w.sue, "", false); err != nil || len(p.Items) != 1 || p.Items[0].Count != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
