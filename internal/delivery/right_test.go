package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/account"
	"switchboard/internal/app/apptest"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
)

// words is what somebody wrote, as the history of a test knows it.
type words struct {
	id      delivery.ID
	thread  delivery.ID // of an answer in parts: the first of them
	text    string
	of      account.ID
	private bool
	let     bool // who may speak for the account has written it, or let it out
	back    bool // taken back before it left
}

// press is a house in which anybody writes as anything and lets out what they like, as far as the house lets them. It knows by itself,
// from the roles and the rights given, whose words may go out.
type press struct {
	*world
	sides  map[account.ID]*side
	order  []account.ID
	actors []staff.Actor
	rights map[account.ID][]account.Right
	talks  []talking
	all    map[delivery.ID]*words
	n      int
}

type talking struct {
	c       desk.ConversationID
	of      account.ID
	private bool
}

func newPress(t *testing.T, w *world) *press {
	p := &press{world: w, sides: map[account.ID]*side{}, rights: map[account.ID][]account.Right{}, all: map[delivery.ID]*words{}, actors: []staff.Actor{w.Boss}}
	for _, role := range []staff.Role{staff.Manager, staff.Operator, staff.Member, staff.Member, staff.Contributor, staff.Viewer, staff.Agency} {
		a := w.colleague(t, string(role))
		a.Role = role
		p.actors = append(p.actors, a)
	}
	readOnly, writing := w.Boss, p.actors[3]
	readOnly.Name, readOnly.Key, readOnly.Scopes = "a key that reads", 1, []staff.Scope{staff.Read}
	writing.Name, writing.Key, writing.Scopes = "a key that writes", 2, []staff.Scope{staff.Write}
	p.actors = append(p.actors, readOnly, writing)
	for k, kind := range []string{"hook", "mastodon"} {
		s := w.side(t, kind, fmt.Sprintf("press%d", k))
		p.sides[s.ID], p.order = s, append(p.order, s.ID)
		for n, private := range []bool{true, false, false} {
			c, _ := s.asks(t, fmt.Sprintf("ann%d", n), fmt.Sprintf("Who are you, number %d?", n), private)
			p.talks = append(p.talks, talking{c, s.ID, private})
		}
	}
	return p
}

// may is the rule: administrators and managers speak for every account, and who answers and has the right for those it is given for;
// no viewer, and no key that may not write.
func (p *press) may(who staff.Actor, of account.ID) bool {
	if who.Key != 0 && !slices.Contains(who.Scopes, staff.Write) {
		return false
	}
	switch who.Role {
	case staff.Administrator, staff.Manager:
		return true
	case staff.Viewer:
		return false
	}
	return slices.ContainsFunc(p.rights[of], func(r account.Right) bool {
		return r.Duty == account.Speak && (!r.Person.IsZero() && r.Person == who.Person || slices.Contains(who.Departments, r.Department))
	})
}

// text is something to say that is known again, with what gets lost where text is not taken as it is.
func (p *press) text(rt *rapid.T) string {
	p.n++
	odd := rapid.SampledFrom([]string{"", "Grüße 👩‍👩‍👧 👍", "two  spaces", "a line\nand another", "<b>bold</b> &amp; \"quoted\"", "e\u0301 and é", "100 % – “yes”", "{{name}} %s \\n"}).Draw(rt, "text")
	return fmt.Sprintf("Number %d. %s.", p.n, odd)
}

// wrote notes what was accepted; it goes out at once only if its author may speak.
func (p *press) wrote(rt rapid.TB, who staff.Actor, text string, d delivery.Delivery, waits bool) {
	rt.Helper()
	may := p.may(who, d.Account)
	if held := d.State == delivery.Held; !waits && held == may || held && d.Reason == "" || !held && d.State != delivery.Queued {
		rt.Fatalf("%s, who may speak %v, wrote as %s: it is %s (%s)", who.Name, may, p.sides[d.Account].Handle, d.State, d.Reason)
	}
	if d.Text != text {
		rt.Fatalf("%q was written, and is kept as %q", text, d.Text)
	}
	p.all[d.ID] = &words{id: d.ID, thread: d.Thread, text: text, of: d.Account, private: d.Private, let: may}
}

// decided notes what somebody did to a delivery; only who may speak for its account lets it out.
func (p *press) decided(rt *rapid.T, who staff.Actor, id delivery.ID, deed string, err error) {
	rt.Helper()
	x := p.all[id]
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			rt.Fatalf("%s by %s: %v", deed, who.Name, err)
		}
		return
	}
	switch {
	case deed == "cancel":
		x.back = true
	case !p.may(who, x.of):
		rt.Fatalf("%s, who may not speak for it, could %s %q", who.Name, deed, x.text)
	default:
		for _, o := range p.all { // what is done to one part is done to those after it
			if o == x || !x.thread.IsZero() && o.thread == x.thread {
				o.let = true
			}
		}
	}
}

// do does one thing, drawn by chance, as somebody drawn by chance.
func (p *press) do(rt *rapid.T) {
	ctx, who, at := p.t.Context(), rapid.SampledFrom(p.actors).Draw(rt, "who"), rapid.SampledFrom(p.talks).Draw(rt, "talk")
	var ids []delivery.ID
	for id := range p.all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	switch deed := rapid.SampledFrom([]string{"reply", "reply", "parts", "private", "post", "rights", "approve", "approve", "cancel", "retry", "confirm", "spoil"}).Draw(rt, "deed"); deed {
	case "reply", "parts":
		draft := delivery.Draft{Text: p.text(rt), Force: true}
		said := []string{draft.Text}
		if deed == "parts" {
			said = []string{p.text(rt), p.text(rt)}
			draft.Parts = said
		}
		if rapid.Bool().Draw(rt, "choose") {
			private := rapid.Bool().Draw(rt, "private")
			draft.Private = &private
		}
		before := p.here(rt, at.c)
		d, err := p.Delivery.Reply(ctx, who, at.c, draft)
		if err != nil {
			return
		}
		if at.private && !d.Private {
			rt.Fatalf("%s answers in public what was said in private", who.Name)
		}
		p.wrote(rt, who, said[0], d, false)
		for _, later := range p.here(rt, at.c) {
			if later.Thread == d.ID && later.ID != d.ID && !slices.ContainsFunc(before, func(b delivery.Delivery) bool { return b.ID == later.ID }) {
				p.wrote(rt, who, said[later.Part-1], later, false)
			}
		}
	case "private":
		t, closing := p.text(rt), p.text(rt)
		list, err := p.Delivery.TakePrivate(ctx, who, at.c, delivery.Private{How: delivery.ByDirect, Text: t, Closing: closing, Force: true})
		if err != nil {
			return
		}
		p.wrote(rt, who, t, list[0], false)
		if !list[0].Private {
			rt.Fatal("what was taken private is public")
		}
		p.wrote(rt, who, closing, list[1], true)
	case "post":
		t := p.text(rt)
		list, err := p.Delivery.Publish(ctx, who, delivery.Post{Accounts: p.order, Text: t})
		if err != nil {
			return
		}
		for _, d := range list {
			p.wrote(rt, who, t, d, false)
		}
	case "rights":
		of := rapid.SampledFrom(p.order).Draw(rt, "of")
		var list []account.Right
		if rapid.Bool().Draw(rt, "given") {
			r := account.Right{Duty: rapid.SampledFrom([]account.Duty{account.Speak, account.Speak, account.Manage}).Draw(rt, "duty")}
			if r.Person = rapid.SampledFrom(p.actors).Draw(rt, "whom").Person; rapid.IntRange(0, 3).Draw(rt, "to all") == 0 {
				r.Person, r.Department = 0, p.actors[1].Departments[0]
			}
			list = append(list, r)
		}
		must(p.t, p.Book.SetRights(ctx, p.Boss, of, list))
		p.rights[of] = list
	case "spoil":
		s := p.sides[rapid.SampledFrom(p.order).Draw(rt, "of")]
		f := far.Fault{On: far.Send, Do: rapid.SampledFrom([]far.Do{far.Answer, far.LostAnswer}).Draw(rt, "how"), Times: 1}
		if f.Do == far.Answer {
			f.Status, f.Body = 422, []byte(`{"error":"no"}`)
		}
		s.faults.Set(f)
	default:
		if len(ids) == 0 {
			return
		}
		id := rapid.SampledFrom(ids[max(0, len(ids)-8):]).Draw(rt, "which")
		var err error
		switch deed {
		case "approve":
			_, err = p.Delivery.Approve(ctx, who, id)
		case "cancel":
			_, err = p.Delivery.Cancel(ctx, who, id)
		case "retry":
			_, err = p.Delivery.Retry(ctx, who, id)
		case "confirm":
			_, err = p.Delivery.Confirm(ctx, who, id, rapid.Bool().Draw(rt, "there"))
		}
		p.decided(rt, who, id, deed, err)
	}
}

// here are the deliveries of a conversation.
func (p *press) here(rt *rapid.T, c desk.ConversationID) []delivery.Delivery {
	list, err := delivery.Of(p.t.Context(), p.Store.Read(), c)
	if err != nil {
		rt.Fatal(err)
	}
	return list
}

// Whoever writes, approves, takes back, tries again and is given or loses rights in whatever order: what the far side got was written or
// let out by somebody who might speak for that account then, is byte for byte what was written, and once; the rest never leaves, and
// what is private is not said in public.
func TestNobodySpeaksForTheHouseWithoutTheRight(t *testing.T) {
	apptest.Checks(t, map[bool]int{true: 30, false: full(150, 1000)}[testing.Short()])
	run := func(t *testing.T, w *world) {
		p := newPress(t, w)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(5, 20).Draw(rt, "deeds") {
				p.do(rt)
			}
		})
		for _, s := range p.sides {
			s.faults.Clear()
		}
		// Whatever was drawn before it: one speaks who may, and one who may not.
		must(t, p.Book.SetRights(t.Context(), p.Boss, p.order[0], nil))
		p.rights[p.order[0]] = nil
		for k, who := range []staff.Actor{p.Boss, p.actors[3]} {
			text := fmt.Sprintf("The last word but %d", 1-k)
			list, err := p.Delivery.Publish(t.Context(), who, delivery.Post{Accounts: p.order[:1], Text: text})
			must(t, err)
			p.wrote(t, who, text, list[0], false)
		}
		states, held := map[delivery.State]int{}, 0
		for id, x := range p.all {
			end := time.Now().Add(2 * time.Minute)
			d := w.one(t, id)
			for (d.State == delivery.Queued && d.Part < 2 || d.State == delivery.Sending) && time.Now().Before(end) {
				time.Sleep(20 * time.Millisecond)
				d = w.one(t, id)
			}
			if states[d.State]++; d.State == delivery.Held {
				held++
			}
			if d.Text != x.text {
				t.Errorf("%q was written, and is kept as %q", x.text, d.Text)
			}
		}
		said := map[string]bool{}
		for of, s := range p.sides {
			for _, e := range s.record.Entries() {
				var is *words
				for _, x := range p.all {
					if x.of == of && (e.Text == x.text || s.Channel == "mastodon" && strings.HasPrefix(e.Text, "@") && strings.HasSuffix(e.Text, " "+x.text)) {
						is = x
					}
				}
				switch {
				case is == nil:
					t.Errorf("%s published what nobody has written like that: %q", s.Handle, e.Text)
				case !is.let || is.back:
					t.Errorf("%s published %q, which nobody who may has let out, or which was taken back: %+v", s.Handle, e.Text, is)
				case is.private && !e.Private:
					t.Errorf("%s said %q in public", s.Handle, e.Text)
				case said[is.id.String()]:
					t.Errorf("%s said %q twice", s.Handle, e.Text)
				}
				if is != nil {
					said[is.id.String()] = true
				}
			}
		}
		if len(said) == 0 || held == 0 {
			t.Errorf("of %d texts %d were said and %d wait for an approval", len(p.all), len(said), held)
		}
		t.Logf("%d texts, %d said, states %v", len(p.all), len(said), states)
	}
	alone(t, run)
}
