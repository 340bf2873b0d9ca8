package desk_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// Who asks for what is kept of them gets all of it, and nothing that was said among colleagues or of anybody else.
func TestWhatIsHandedOutOnRequest(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		arrive(t, h, "tom", "The secret of another.")
		c := loud(t, h, marker)
		furnish(t, h, c)
		if _, err := h.Desk.WriteNote(ctx, h.Boss, c.ID, "colleagues only"); err != nil {
			t.Fatal(err)
		}
		for _, role := range []staff.Role{staff.Member, staff.Contributor, staff.Viewer, staff.Agency} {
			who := staff.Actor{Person: 8, Role: role, Departments: []staff.DepartmentID{c.Department}}
			refused(t, string(role)+" hands it out", second(h.Desk.Export(ctx, who, c.Contact)), fault.Forbidden)
			refused(t, string(role)+" erases", second(h.Desk.Erase(ctx, who, c.Contact, marker)), fault.Forbidden)
		}
		refused(t, "of nobody", second(h.Desk.Export(ctx, h.Boss, 99)), fault.NotFound)
		write, err := h.Desk.Export(ctx, h.Boss, c.Contact)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := write(ctx, &file); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			all[f.Name] = string(b)
		}
		var who struct {
			Name, Note string
			Fields     map[string]string
			Identities []contact.Identity
			Consents   []struct{ Purpose, Proof string }
		}
		if err := json.Unmarshal([]byte(all["contact.json"]), &who); err != nil || who.Name != marker || who.Note != marker || who.Fields[marker] != marker ||
			len(who.Identities) != 1 || who.Identities[0].RemoteID != marker || len(who.Consents) != 1 || who.Consents[0].Proof != marker {
			t.Errorf("contact.json is %s, %v", all["contact.json"], err)
		}
		var talk struct {
			Messages []struct {
				By, Text string
				To       []string
				Media    []struct{ Name, File string }
				Before   []struct{ Text string }
			}
			Calls    []struct{ Said string }
			Promises []struct{ Text, State string }
		}
		said := all["conversations/"+c.ID.String()+".json"]
		if err := json.Unmarshal([]byte(said), &talk); err != nil || len(all) != 4 || len(talk.Messages) != 1 || talk.Messages[0].By != "you" ||
			!slices.Equal(talk.Messages[0].To, []string{marker}) ||
			talk.Messages[0].Text != "Now it has. "+marker || len(talk.Messages[0].Media) != 1 || len(talk.Calls) != 1 || talk.Calls[0].Said != marker {
			t.Errorf("the conversation is %s, %v", said, err)
		} else if m := talk.Messages[0]; all[m.Media[0].File] != marker || len(m.Before) != 1 || m.Before[0].Text != "My order has not arrived. "+marker ||
			len(talk.Promises) != 1 || talk.Promises[0].Text != marker {
			t.Errorf("files, what it said before or promises are missing in %s; there is %v", said, slices.Sorted(maps.Keys(all)))
		}
		for name, text := range all {
			if strings.Contains(text, "colleagues only") || strings.Contains(text, "secret of another") {
				t.Errorf("%s says too much: %s", name, text)
			}
		}
		var told int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM journal WHERE what = $1 AND about = $2`, string(journal.ContactExported), journal.About("contact", c.Contact)).Scan(&told); err != nil || told != 1 {
			t.Errorf("it is told %d times, %v", told, err)
		}
	})
}

// What somebody said in a conversation that is another's by now is handed out to them, and nothing else of it.
func TestWhatWasSaidElsewhereIsHandedOut(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		tom, c := arrive(t, h, "tom", "The secret of another."), loud(t, h, marker)
		m, err := h.Desk.Merge(ctx, h.Boss, tom.Contact, c.Contact)
		if err != nil {
			t.Fatal(err)
		}
		now.Add(time.Minute)
		later := loud(t, h, marker)
		if _, err := h.Desk.UndoMerge(ctx, h.Boss, m.ID); err != nil {
			t.Fatal(err)
		}
		if get(t, h, later.ID).Contact != tom.Contact {
			t.Fatal("it is theirs again")
		}
		write, err := h.Desk.Export(ctx, h.Boss, c.Contact)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := write(ctx, &file); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		r, err := z.Open("elsewhere/" + later.ID.String() + ".json")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || !strings.Contains(string(b), "Now it has. "+marker) || strings.Contains(string(b), "secret of another") {
			t.Errorf("it is %s, %v", b, err)
		}
	})
}

// Nobody erases by a slip, or while something is on its way; and who writes afterwards is somebody new.
func TestErasingIsDoneOnceAndKnowingly(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		c := arrive(t, h, "kim", "My kettle leaks.")
		refused(t, "under another name", second(h.Desk.Erase(ctx, h.Boss, c.Contact, "Kim")), fault.Invalid)
		d, err := h.Delivery.Reply(ctx, h.Boss, c.ID, delivery.Draft{Text: "We are sorry.", Undo: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, "with an answer on its way", second(h.Desk.Erase(ctx, h.Boss, c.Contact, "kim")), fault.Conflict)
		if list, err := desk.MessagesOf(ctx, h.Store.Read(), c.ID, 10); err != nil || len(list) == 0 || list[0].Text == "" {
			t.Errorf("what was refused was half done: %+v, %v", list, err)
		}
		if _, err := h.Delivery.Cancel(ctx, h.Boss, d.ID); err != nil {
			t.Fatal(err)
		}
		e, err := h.Desk.Erase(ctx, h.Boss, c.Contact, "kim")
		if err != nil || e.Conversations != 1 || e.Messages != 1 {
			t.Fatalf("erased %+v, %v", e, err)
		}
		if is := get(t, h, c.ID); is.State != desk.Closed || is.Subject != "" || is.Excerpt != "" || is.Messages != c.Messages {
			t.Errorf("its conversation is %+v", is)
		}
		refused(t, "again", second(h.Desk.Erase(ctx, h.Boss, c.Contact, "kim")), fault.NotFound)
		refused(t, "handing it out afterwards", second(h.Desk.Export(ctx, h.Boss, c.Contact)), fault.NotFound)
		refused(t, "merging it", second(h.Desk.Merge(ctx, h.Boss, arrive(t, h, "tom", "x?").Contact, c.Contact)), fault.NotFound)
		if again := arrive(t, h, "kim", "It leaks still."); again.Contact == c.Contact || again.ID == c.ID {
			t.Error("who writes afterwards is who was erased")
		}
	})
}

func TestCalls(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		c := arrive(t, h, "kim", "My order has not arrived. Where is it?")
		for name, tt := range map[string]struct {
			call desk.Call
			then desk.State
			word string
		}{
			"one of which nothing is said": {desk.Call{Reached: true}, "", "what was said"},
			"one that is yet to come":      {desk.Call{Said: "x", At: now.Now().Add(time.Hour)}, "", "not come yet"},
			"one of long ago":              {desk.Call{Said: "x", At: now.Now().AddDate(0, 0, -61)}, "", "60 days"},
			"one of two days":              {desk.Call{Said: "x", Length: 48 * time.Hour}, "", "up to a day"},
			"bytes that are no text":       {desk.Call{Said: "a\x00"}, "", "not text"},
			"one that ends in no state":    {desk.Call{Said: "x", Reached: true}, "gone", "waiting, closed or open"},
		} {
			if _, err := h.Desk.NoteCall(ctx, h.Boss, c.ID, tt.call, tt.then); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.word) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stranger := staff.Actor{Person: 8, Role: staff.Member, Departments: []staff.DepartmentID{c.Department + 1}}
		refused(t, "a stranger notes one", second(h.Desk.NoteCall(ctx, stranger, c.ID, desk.Call{Said: "x", Reached: true}, "")), fault.NotFound)
		now.Add(10 * time.Minute)
		if _, err := h.Desk.NoteCall(ctx, h.Boss, c.ID, desk.Call{Said: "Nobody there."}, ""); err != nil {
			t.Fatal(err)
		}
		if is := get(t, h, c.ID); is.State != desk.Open || !is.Clock.Running() || told(t, h, c.ID, journal.CallTried) != 1 {
			t.Errorf("one that nobody answered made of it %+v", is)
		}
		before := now.Now().Add(-11 * time.Minute) // before they wrote
		if _, err := h.Desk.NoteCall(ctx, h.Boss, c.ID, desk.Call{Said: "Earlier.", Reached: true, At: before}, ""); err != nil {
			t.Fatal(err)
		}
		if is := get(t, h, c.ID); !is.Clock.Running() {
			t.Error("a call before they wrote answers what they wrote")
		}
		k, err := h.Desk.NoteCall(ctx, h.Boss, c.ID, desk.Call{Said: " It comes on Friday. ", Agreed: "Friday", Reached: true, Length: 90 * time.Second}, desk.Closed)
		if err != nil || k.Said != "It comes on Friday." || k.Person != h.Boss.Person {
			t.Fatalf("noted as %+v, %v", k, err)
		}
		if is := get(t, h, c.ID); is.State != desk.Closed || is.AnsweredBy != h.Boss.Person || is.Clock.Running() {
			t.Errorf("one in which they were reached made of it %+v", is)
		}
		if list, err := desk.CallsOf(ctx, h.Store.Read(), c.ID); err != nil || len(list) != 3 {
			t.Errorf("kept are %+v, %v", list, err)
		}
	})
}
