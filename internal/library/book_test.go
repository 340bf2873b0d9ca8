package library_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/library"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// house is a Switchboard on a clock that stands still, with a member of two departments.
func house(t *testing.T, f func(t *testing.T, h *world)) {
	apptest.EachAt(t, app.Options{}, func(t *testing.T, at *apptest.House, now *clock.Pretend) {
		h := &world{House: at, now: now}
		h.service, h.sales = h.Department(t, "Customer service"), h.Department(t, "Sales")
		h.tom, h.sue = h.hire(t, "Tom Hill", h.service), h.hire(t, "Sue Park", h.sales)
		f(t, h)
	})
}

type world struct {
	*apptest.House
	now            *clock.Pretend
	service, sales staff.DepartmentID
	tom, sue       staff.Actor // of service, of sales
}

func (h *world) hire(t *testing.T, name string, in ...staff.DepartmentID) staff.Actor {
	t.Helper()
	p, err := h.Staff.AddPerson(t.Context(), staff.Machine(), staff.Person{Name: name, Email: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@acme.example", Role: staff.Member, Departments: in}, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	return p.ActorOf()
}

// arrive lets somebody write, and returns the conversation, which is Tom's.
func (h *world) arrive(t *testing.T, name, text string) desk.Conversation {
	t.Helper()
	acc := h.Shared(t)
	id := fmt.Sprintf("m-%d", h.Store.IDs.Next())
	e := channel.Event{Kind: channel.Said, RemoteID: id, At: h.now.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: text, At: h.now.Now(),
		From: channel.Identity{RemoteID: id, Handle: "@" + strings.ToLower(strings.Fields(name)[0]), Name: name}}}
	if err := h.Intake.Take(t.Context(), acc, []channel.Event{e}, nil); err != nil {
		t.Fatal(err)
	}
	m, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), acc.ID, []string{id})
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Desk.HandOver(t.Context(), h.Boss, m[id].Conversation, h.service, h.tom.Person, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (h *world) entry(t *testing.T, change func(*library.Content)) library.Answer {
	t.Helper()
	c := library.Content{Department: h.service, Audience: library.Public, Texts: []library.Text{{Language: "en", Title: "Title", Body: "Body"}}}
	if change != nil {
		change(&c)
	}
	a, err := h.Library.Add(t.Context(), h.tom, c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnEntryIsAddedChangedArchivedAndRestored(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx, b := t.Context(), h.Library
		a := h.entry(t, func(c *library.Content) { c.Department, c.Tags = 0, []string{" warm ", "warm", ""} })
		if a.Version != 1 || a.Department != h.service || len(a.Tags) != 1 || a.CreatedBy != h.tom.Person {
			t.Fatalf("%+v", a)
		}
		c := a.Content
		c.Texts = []library.Text{{Language: "de", Title: "Titel", Body: "Text"}, {Language: "en", Title: "New", Body: "Words"}}
		a, err := b.Change(ctx, h.sue, a.ID, 1, c)
		if err != nil || a.Version != 2 {
			t.Fatal(a, err)
		}
		if _, err := b.Change(ctx, h.tom, a.ID, 1, c); !fault.Is(err, fault.Conflict) {
			t.Errorf("an older version: %v", err)
		}
		if a, err = b.Restore(ctx, h.tom, a.ID, 1); err != nil || a.Version != 3 || a.In("").Title != "Title" {
			t.Errorf("%+v, %v", a, err)
		}
		if _, err := b.Restore(ctx, h.tom, a.ID, 9); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if a, err = b.Archive(ctx, h.tom, a.ID, true); err != nil || a.ArchivedAt.IsZero() {
			t.Error(err)
		}
		if _, err = b.Archive(ctx, h.tom, a.ID, true); !fault.Is(err, fault.Conflict) {
			t.Errorf("archived twice: %v", err)
		}
		for view, want := range map[library.View]int{library.InUse: 0, library.Archived: 1} {
			if p, err := b.List(ctx, h.tom, library.Query{View: view, Limit: 10}); err != nil || len(p.Hits) != want {
				t.Errorf("%s: %+v, %v", view, p, err)
			}
		}
		if p, err := b.List(ctx, h.tom, library.Query{Words: "title", View: library.InUse, Limit: 10}); err != nil || len(p.Hits) != 0 {
			t.Errorf("what is archived is found: %+v, %v", p, err)
		}
		if a, err = b.Archive(ctx, h.tom, a.ID, false); err != nil {
			t.Error(err)
		}
		if p, err := b.List(ctx, h.tom, library.Query{Words: "titles", View: library.InUse, Limit: 10}); err != nil || len(p.Hits) != 1 {
			t.Errorf("what was brought back is not found: %+v, %v", p, err)
		}
		list, err := b.Versions(ctx, h.tom, a.ID)
		if err != nil || len(list) != 5 || list[0].Deed != "brought back" || list[2].Deed != "restored 1" || list[3].Content.Texts[0].Title != "Titel" || list[3].Person != h.sue.Person {
			t.Errorf("%+v, %v", list, err)
		}
		var n int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM journal WHERE what = 'answer changed'`).Scan(&n); err != nil || n != 5 {
			t.Errorf("%d entries of the journal, %v", n, err)
		}
	})
}

func TestOfManyWhoChangeAnEntryAtOnceOneDoes(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		a := h.entry(t, nil)
		var all sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 6 {
			all.Go(func() {
				_, err := h.Library.Change(t.Context(), h.tom, a.ID, 1, a.Content)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if list, err := h.Library.Versions(t.Context(), h.tom, a.ID); err != nil || done != 1 || len(list) != 2 {
			t.Errorf("%d changed it, %d versions, %v", done, len(list), err)
		}
	})
}

func TestAnEntryForSomeIsKeptFromOthers(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx, b := t.Context(), h.Library
		a := h.entry(t, func(c *library.Content) {
			c.For, c.Texts[0].Title = []staff.DepartmentID{h.service}, "Secret goodwill"
		})
		c := h.arrive(t, "Jane Roe", "secret goodwill please")
		if _, err := h.Desk.HandOver(ctx, h.Boss, c.ID, h.sales, h.sue.Person, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Answer(ctx, h.sue, a.ID); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		for name, do := range map[string]func() error{
			"versions": func() error { _, err := b.Versions(ctx, h.sue, a.ID); return err },
			"change":   func() error { _, err := b.Change(ctx, h.sue, a.ID, 1, a.Content); return err },
			"rate":     func() error { _, err := b.Rate(ctx, h.sue, a.ID, library.Up); return err },
			"use": func() error {
				_, err := b.Using(ctx, h.sue, c.ID, []library.Piece{{Answer: a.ID}}, "x")
				return err
			},
		} {
			if err := do(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if p, err := b.List(ctx, h.sue, library.Query{Words: "secret", Limit: 9}); err != nil || len(p.Hits) != 0 || p.All != 0 {
			t.Errorf("%+v, %v", p, err)
		}
		for _, typed := range []string{"", "goodwill"} {
			if list, err := b.Fitting(ctx, h.sue, c.ID, typed, 9); err != nil || len(list) != 0 {
				t.Errorf("%q: %+v, %v", typed, list, err)
			}
		}
		if list, err := b.Fitting(ctx, h.Boss, c.ID, "", 9); err != nil || len(list) != 1 {
			t.Errorf("who sees all: %+v, %v", list, err)
		}
		if _, err := b.Fitting(ctx, h.tom, c.ID, "", 9); !fault.Is(err, fault.NotFound) {
			t.Errorf("a conversation of others: %v", err)
		}
		open := a.Content
		open.For = nil
		if _, err := b.Change(ctx, h.tom, a.ID, 1, open); err != nil {
			t.Fatal(err)
		}
		if list, err := b.Versions(ctx, h.sue, a.ID); err != nil || len(list) != 1 {
			t.Errorf("what it was when it was for others is shown: %+v, %v", list, err)
		}
	})
}

func TestTheBestFitComesFirst(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx := t.Context()
		name := "Kettle Pro"
		if _, err := h.Topics.Add(ctx, h.Boss, topic.Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		add := func(title, body, lang string, topics ...string) library.Answer {
			return h.entry(t, func(c *library.Content) {
				c.Texts, c.Topics = []library.Text{{Language: lang, Title: title, Body: body}}, topics
			})
		}
		add("How to return something", "You can **return** the goods within thirty days. Print the label.", "en")
		add("Opening hours of the shop", "We are open from nine to six, on Saturdays until four.", "en")
		add("Rückgabe", "Sie können die Ware innerhalb von dreißig Tagen zurückgeben.", "de")
		add("Descaling a machine", "Fill it with vinegar and let the machine stand for the night.", "en")
		pro := add("Descaling", "Fill it with citric acid and let it stand.", "en", "kettle-pro")
		c := h.arrive(t, "Jane Roe", "Hello, how do I go about descaling my Kettle Pro? Thanks for the help")
		list, err := h.Library.Fitting(ctx, h.tom, c.ID, "", 3)
		if err != nil || len(list) == 0 || list[0].Hit.Answer.ID != pro.ID || len(list[0].Hit.Topics) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, f := range list {
			if strings.Contains(f.Hit.Text.Title, "hours") {
				t.Errorf("what does not fit is offered: %+v", f.Hit)
			}
		}
		for typed, want := range map[string]string{"returned goods": "How to return something", "zuruckgeben": "Rückgabe", "saturday": "Opening hours of the shop", `"; DROP TABLE`: "", "' OR 1:*": ""} {
			list, err := h.Library.Fitting(ctx, h.tom, c.ID, typed, 3)
			if err != nil || want == "" && len(list) > 0 || want != "" && (len(list) == 0 || list[0].Hit.Text.Title != want) {
				t.Errorf("%q: %+v, %v", typed, list, err)
			}
		}
		for range 2 { // of two alike the one that people like comes first
			add("Guarantee", "Our guarantee lasts two years.", "en")
		}
		both, err := h.Library.Fitting(ctx, h.tom, c.ID, "guarantee", 2)
		if err != nil || len(both) != 2 {
			t.Fatal(both, err)
		}
		if _, err := h.Library.Rate(ctx, h.tom, both[0].Hit.Answer.ID, library.Down); err != nil {
			t.Fatal(err)
		}
		again, err := h.Library.Fitting(ctx, h.tom, c.ID, "guarantee", 2)
		if err != nil || again[0].Hit.Answer.ID != both[1].Hit.Answer.ID {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsUsedIsCountedOnceItStaysSent(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx, b := t.Context(), h.Library
		a := h.entry(t, func(c *library.Content) { c.Texts[0].Body = "Dear **{{contact.first_name}}**, two\nweeks." })
		inside := h.entry(t, func(c *library.Content) { c.Audience = library.Inside })
		c := h.arrive(t, "Jane Roe", "how long?")
		list, err := b.Fitting(ctx, h.tom, c.ID, "weeks", 1)
		if err != nil || len(list) != 1 || list[0].Text != "Dear Jane, two\nweeks." {
			t.Fatal(list, err)
		}
		reply := func(text string) delivery.Delivery {
			t.Helper()
			with, err := b.Using(ctx, h.tom, c.ID, []library.Piece{{Answer: a.ID, Language: "en"}}, text)
			if err != nil {
				t.Fatal(err)
			}
			d, err := h.Delivery.Reply(ctx, h.Boss, c.ID, delivery.Draft{Text: text, Force: true, Undo: time.Minute,
				With: func(ctx context.Context, tx *store.Tx, d delivery.Delivery) error { return with(ctx, tx, int64(d.ID)) }})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		reply("Dear Jane, two weeks.  Bye!")
		other := reply("Dear Jane, three weeks.")
		if u, err := b.UsedOf(ctx, a.ID); err != nil || u.Times != 2 || u.Edited != 1 {
			t.Errorf("%+v, %v", u, err)
		}
		if _, err := h.Delivery.Cancel(ctx, h.Boss, other.ID); err != nil {
			t.Fatal(err)
		}
		h.now.Add(time.Minute)
		if u, err := b.UsedOf(ctx, a.ID); err != nil || u.Times != 1 || u.Edited != 0 {
			t.Errorf("what was taken back counts: %+v, %v", u, err)
		}
		if _, err := b.Using(ctx, h.tom, c.ID, []library.Piece{{Answer: inside.ID}}, "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("what is for inside only may be said: %v", err)
		}
	})
}

func TestThumbsAndDaysBringAnEntryUpForReview(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx, b := t.Context(), h.Library
		a := h.entry(t, func(c *library.Content) { c.ReviewAt = h.now.Now().Add(time.Hour) })
		review := func(who staff.Actor) library.Page {
			t.Helper()
			p, err := b.List(ctx, who, library.Query{View: library.ToReview, Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := review(h.tom); len(p.Hits) != 0 || p.Review != 0 {
			t.Errorf("%+v", p)
		}
		for range 2 { // one thumb a person
			if _, err := b.Rate(ctx, h.sue, a.ID, library.Down); err != nil {
				t.Fatal(err)
			}
		}
		if p := review(h.tom); len(p.Hits) != 1 || p.Mine != 1 || p.Hits[0].Answer.Down != 1 {
			t.Errorf("%+v", p)
		}
		if p := review(h.sue); p.Review != 1 || p.Mine != 0 {
			t.Errorf("%+v", p)
		}
		a, err := b.Reviewed(ctx, h.tom, a.ID, h.now.Now().Add(2*time.Hour))
		if th, _ := b.ThumbOf(ctx, h.sue.Person, a.ID); err != nil || a.Down != 0 || th != library.NoThumb || len(review(h.tom).Hits) != 0 {
			t.Errorf("%+v, %v", a, err)
		}
		h.now.Add(3 * time.Hour)
		if p := review(h.tom); len(p.Hits) != 1 {
			t.Errorf("its day has come: %+v", p)
		}
		if _, err := b.Reviewed(ctx, h.tom, a.ID, h.now.Now().Add(-time.Hour)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a day that is past: %v", err)
		}
	})
}

func TestSavedRepliesAreOnesOwnOrShared(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx, b := t.Context(), h.Library
		must := func(who staff.Actor, s library.SavedReply) library.SavedReply {
			t.Helper()
			s, err := b.Save(ctx, who, s)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		own := must(h.tom, library.SavedReply{Person: 1, Shortcut: "/Hi", Name: "Greeting", Body: "Hello {{contact.first_name}}"})
		if own.Person != h.tom.Person || own.Shortcut != "hi" || own.Version != 1 {
			t.Errorf("%+v", own)
		}
		team := must(h.tom, library.SavedReply{Department: h.service, Shortcut: "refund", Name: "Refund", Body: "Done.", Deeds: []library.Deed{{Do: "tag", Tags: []string{"refund"}}, {Do: "close"}}})
		must(h.sue, library.SavedReply{Person: 1, Shortcut: "hi", Name: "Hers", Body: "Hey"})
		if list, err := b.SavedReplies(ctx, h.sue); err != nil || len(list) != 1 || list[0].Name != "Hers" {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := b.SavedReplies(ctx, h.Boss); err != nil || len(list) != 1 || list[0].ID != team.ID {
			t.Errorf("others' own are shown: %+v, %v", list, err)
		}
		for name, tt := range map[string]struct {
			who  staff.Actor
			s    library.SavedReply
			kind fault.Kind
			says string
		}{
			"a shortcut that is taken":            {h.tom, library.SavedReply{Person: 1, Shortcut: "HI", Name: "x", Body: "y"}, fault.Invalid, "Greeting"},
			"taken by what one may not see":       {h.sue, library.SavedReply{Department: h.sales, Shortcut: "refund", Name: "x", Body: "y"}, fault.Invalid, "another department"},
			"a shortcut with blanks":              {h.tom, library.SavedReply{Person: 1, Shortcut: "a b", Name: "x", Body: "y"}, fault.Invalid, "one word"},
			"nothing in it":                       {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x"}, fault.Invalid, "nothing"},
			"a deed nobody knows":                 {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Body: "y", Deeds: []library.Deed{{Do: "delete"}}}, fault.Invalid, "nothing a saved reply can do"},
			"on sending, with nothing to send":    {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Deeds: []library.Deed{{Do: "close"}}}, fault.Invalid, "at once"},
			"a deed twice":                        {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Body: "y", Deeds: []library.Deed{{Do: "close"}, {Do: "close"}}}, fault.Invalid, "once"},
			"a broken variable":                   {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Body: "{{a"}, fault.Invalid, "broken"},
			"for everybody, by a member":          {h.tom, library.SavedReply{Shortcut: "n", Name: "x", Body: "y"}, fault.Forbidden, "managers"},
			"for another department":              {h.sue, library.SavedReply{Department: h.service, Shortcut: "n", Name: "x", Body: "y"}, fault.Forbidden, ""},
			"a change of another department's":    {h.sue, library.SavedReply{ID: team.ID, Version: 1, Department: h.sales, Shortcut: "n", Name: "x", Body: "y"}, fault.NotFound, ""},
			"a change of somebody's own":          {h.Boss, library.SavedReply{ID: own.ID, Version: 1, Person: 1, Shortcut: "n", Name: "x", Body: "y"}, fault.NotFound, ""},
			"a change of an older version":        {h.tom, library.SavedReply{ID: own.ID, Version: 7, Person: 1, Shortcut: "n", Name: "x", Body: "y"}, fault.Conflict, "meanwhile"},
			"put through to nobody":               {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Body: "y", Deeds: []library.Deed{{Do: "handover"}}}, fault.Invalid, "whom"},
			"put through to one of another place": {h.tom, library.SavedReply{Person: 1, Shortcut: "n", Name: "x", Body: "y", Deeds: []library.Deed{{Do: "handover", Department: h.service, Person: h.sue.Person}}}, fault.Invalid, "whom"},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := b.Save(ctx, tt.who, tt.s); !fault.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%v", err)
				}
			})
		}
		c := h.arrive(t, "Jane Roe", "I want a refund")
		for typed, want := range map[string]string{"": "refund hi", "h": "hi", "refu": "refund", "greet": "hi", "zzz": ""} {
			list, err := b.Slash(ctx, h.tom, c.ID, typed, 9)
			var got []string
			for _, f := range list {
				got = append(got, f.Saved.Shortcut)
			}
			if err != nil || len(got) != len(strings.Fields(want)) || want != "" && typed != "" && got[0] != want {
				t.Errorf("/%s: %q, %v", typed, got, err)
			}
		}
		if err := b.Remove(ctx, h.sue, own.ID); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if err := b.Remove(ctx, h.tom, own.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestAReplyBecomesAnEntryWithoutItsPeople(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx := t.Context()
		c := h.arrive(t, "Jane Roe", "Hi! Where is my order 20391? Jane")
		m, err := desk.LastInbound(ctx, h.Store.Read(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		ours := desk.Message{ID: desk.MessageID(h.Store.IDs.Next()), Conversation: c.ID, Account: c.Account, RemoteID: "r", Direction: desk.Out, Kind: channel.Direct, Private: true,
			Person: h.tom.Person, Text: "Dear Jane, your order 20391 is *on its way*. Tom", At: h.now.Now(), ReceivedAt: h.now.Now()}
		h.Tx(t, func(tx *store.Tx) error { return desk.AddMessages(ctx, tx, []desk.Message{ours}) })
		p, err := h.Library.Proposed(ctx, h.tom, ours.ID)
		if err != nil {
			t.Fatal(err)
		}
		text := p.Content.Texts[0]
		if text.Body != `Dear {{contact.first_name}}, your order {{number}} is \*on its way\*. {{me.first_name}}` || text.Title != "Where is my order ?" && text.Title != "Where is my order" || p.Content.Audience != library.Private || len(p.Marks) != 3 {
			t.Errorf("%+v", p)
		}
		if a, err := h.Library.Add(ctx, h.tom, p.Content); err != nil || a.ReviewAt.IsZero() {
			t.Errorf("what is proposed can't be kept: %v", err)
		}
		if _, err := h.Library.Proposed(ctx, h.sue, ours.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("of a conversation of others: %v", err)
		}
		if _, err := h.Library.Proposed(ctx, h.tom, m.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("of what the contact said: %v", err)
		}
	})
}

func TestWhatSomebodyOwnedFallsToTheirDepartment(t *testing.T) {
	house(t, func(t *testing.T, h *world) {
		ctx := t.Context()
		a := h.entry(t, func(c *library.Content) { c.Person = h.tom.Person })
		disabled := staff.Disabled
		if _, err := h.Staff.ChangePerson(ctx, staff.Machine(), h.tom.Person, staff.PersonChange{State: &disabled}); err != nil {
			t.Fatal(err)
		}
		if a, err := h.Library.Answer(ctx, h.Boss, a.ID); err != nil || !a.Person.IsZero() || a.Department != h.service {
			t.Errorf("%+v, %v", a, err)
		}
	})
}
