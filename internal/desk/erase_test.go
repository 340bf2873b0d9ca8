package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/mail"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/writing"
)

// marker is a word that stands in everything a contact said and was; part is what is looked for, as indexes leave beginnings out.
const (
	marker = "xylophoniquokka"
	part   = "honiquokka"
)

// stays are the tables in which words of an erased contact may be left, and why.
var stays = map[string]string{
	"answer_text":    "the library's answers are the company's own words; they name no conversation",
	"answer_version": "what they said before",
	"answer_search":  "their full text", "answer_search_data": "likewise", "answer_search_content": "likewise",
	"model": "what triage learned goes when it is next made anew, as docs/contacts.md says; it holds counts of words, and no message",
}

// wordless are the tables that hang on a contact, a conversation or a message and hold no word of anybody.
var wordless = map[string]string{
	"advice":                "departments and intents that a language model named",
	"answer_use":            "ids",
	"chat_wait":             "kinds and ids",
	"contact_apart":         "ids",
	"conversation_topic":    "keys of the dictionary",
	"incident_conversation": "ids",
	"lesson":                "ids and intents",
	"line":                  "ids, and the far side's numbers",
	"notification":          "kinds and ids: the words are made when it is shown",
	"presence":              "ids",
	"reading":               "ids",
	"request_link":          "hashes",
	"request_mail":          "the far side's numbers of our staff's mails",
	"search_todo":           "ids",
	"sighting":              "the far side's numbers, so that nothing is taken in again",
	"verdict":               "keys of rules and intents",
	"search":                "looked at on PostgreSQL; SQLite's holds nothing itself, and its parts are looked at",
}

// hangs are the columns by which a row hangs on a contact.
var hangs = []string{"conversation", "contact", "message", "identity", "request", "delivery"}

// columnsOf are the columns of every table, each as an expression of its text or bytes that $1 can be looked for in.
func columnsOf(t *testing.T, h *apptest.House) map[string]map[string]string {
	t.Helper()
	query := `SELECT m.name, c.name, '' FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if h.Store.Dialect == store.Postgres {
		query = `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	rows, err := h.Store.Read().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]map[string]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		test := `instr(CAST("` + column + `" AS BLOB), CAST($1 AS BLOB)) > 0`
		switch {
		case kind == "bytea":
			test = `position(convert_to($1, 'UTF8') in "` + column + `") > 0`
		case kind != "":
			test = `position($1 in lower(CAST("` + column + `" AS text))) > 0`
		}
		if out[table] == nil {
			out[table] = map[string]string{}
		}
		out[table][column] = test
	}
	if err := rows.Err(); err != nil || len(out) < 40 {
		t.Fatalf("%d tables, %v", len(out), err)
	}
	return out
}

// holding are the tables that hold the marker, each with the columns.
func holding(t *testing.T, h *apptest.House) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for table, columns := range columnsOf(t, h) {
		for column, test := range columns {
			var n int
			if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM "`+table+`" WHERE `+test, part).Scan(&n); err != nil {
				t.Fatalf("%s.%s: %v", table, column, err)
			}
			if n > 0 {
				out[table] = append(out[table], column)
			}
		}
	}
	return out
}

// sealedWith is how many letters wait to be sent that hold the marker: their words are sealed.
func sealedWith(t *testing.T, h *apptest.House, ring *secret.Ring) (n int) {
	t.Helper()
	rows, err := h.Store.Read().QueryContext(t.Context(), `SELECT id, sealed FROM letter WHERE length(sealed) > 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id mail.LetterID
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			t.Fatal(err)
		}
		plain, err := ring.Unseal(secret.Row{Table: "letter", ID: id.String(), Column: "sealed"}, sealed)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(plain, []byte(part)) {
			n++
		}
	}
	return n
}

// sealing is house, with a ring the test knows.
func sealing(t *testing.T, ring *secret.Ring, f func(t *testing.T, h *apptest.House, now *clock.Pretend)) {
	apptest.EachAt(t, app.Options{Ring: ring}, f)
}

// loud lets somebody write with the marker wherever a channel can put words.
func loud(t *testing.T, h *apptest.House, from string) desk.Conversation {
	t.Helper()
	acc, now := h.Shared(t), h.Desk.Now()
	id := fmt.Sprint("n", h.Store.IDs.Next())
	m := channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, At: now, Subject: marker, Text: "My order has not arrived. " + marker, HTML: "<p>" + marker,
		Quoted: marker, Warning: marker, URL: "https://far.example/" + marker, URI: "https://far.example/" + marker + "/" + id, Memo: json.RawMessage(`{"id":"` + marker + `"}`), Doubts: []string{marker},
		To:    []channel.Identity{{RemoteID: marker + "2", Handle: marker, Name: marker}},
		Media: []channel.Media{{Type: "image/png", Name: marker + ".png", Alt: marker, URL: "https://far.example/" + marker, Body: []byte(marker)}},
		From:  channel.Identity{RemoteID: from, Handle: "@" + marker, Name: marker, URL: "https://far.example/" + marker, Avatar: "https://far.example/" + marker, About: marker}}
	edited := m
	edited.Text, edited.EditedAt = "Now it has. "+marker, now.Add(time.Second)
	err := h.Intake.Take(t.Context(), acc, []channel.Event{{Kind: channel.Said, RemoteID: m.RemoteID, At: now, Message: m, Raw: json.RawMessage(`"` + marker + `"`)},
		{Kind: channel.Edited, RemoteID: m.RemoteID, At: now, Message: edited}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), acc.ID, []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return get(t, h, found[id].Conversation)
}

// furnish does with a contact's conversation whatever keeps words.
func furnish(t *testing.T, h *apptest.House, c desk.Conversation) {
	t.Helper()
	ctx, boss := t.Context(), h.Boss
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.Mail.Change(ctx, boss, mail.Settings{On: true, Host: "127.0.0.1", Port: 9, Security: "plain", From: "desk@acme.example"}, nil)
	must(err)
	change(t, h, c.Contact, contact.Change{Note: words(marker), Fields: &map[string]string{marker: marker}, Standings: &[]string{"customer"}})
	must(second(h.API.Contacts.NoteConsent(ctx, boss, contact.Consent{Contact: c.Contact, Purpose: marker, Given: true, Proof: marker})))
	must(second(h.Desk.WriteNote(ctx, boss, c.ID, marker)))
	must(second(h.Desk.NoteCall(ctx, boss, c.ID, desk.Call{With: marker, Said: marker, Agreed: marker, Reached: true}, "")))
	must(second(h.Desk.Tag(ctx, boss, c.ID, []string{marker})))
	must(second(h.Desk.CorrectIntent(ctx, boss, c.ID, "complaint")))
	must(second(h.Desk.HandOver(ctx, boss, c.ID, boss.Departments[0], 0, "ask "+marker)))
	must(second(h.Desk.AnsweredByHand(ctx, boss, c.ID, "rang "+marker, time.Time{})))
	must(second(h.Desk.Reopen(ctx, boss, c.ID)))
	must(second(h.Desk.MakePromise(ctx, boss, c.ID, desk.Making{Text: marker, Words: marker})))
	r, err := h.Staff.Roster(ctx)
	must(err)
	people := newCrew(t, h, nil)
	others := slices.DeleteFunc(slices.Clone(r.Departments()), func(d staff.Department) bool { return slices.Contains(boss.Departments, d.ID) })
	for k, name := range []string{"Bob", "Sue"} {
		d := others[k%len(others)]
		must(second(h.Desk.Ask(ctx, boss, c.ID, desk.Asking{Department: d.ID, Person: people.hire(name, d.Name, "", 9).Person, Text: "Who is " + marker + "?", Mail: true})))
	}
	_, list, err := h.Desk.Requests(ctx, boss, c.ID)
	must(err)
	must(second(h.Desk.Answer(ctx, boss, list[0].ID, marker)))
	file, err := h.Delivery.Keep(ctx, boss, marker+".txt", []byte(marker))
	must(err)
	d, err := h.Delivery.Reply(ctx, boss, c.ID, delivery.Draft{Text: "Dear " + marker, Undo: time.Minute, Uploads: []delivery.UploadID{file.ID}, Alts: []string{marker}, Force: true})
	must(err)
	must(second(h.Delivery.Cancel(ctx, boss, d.ID)))
	file, err = h.Delivery.Keep(ctx, boss, marker+".txt", []byte(marker))
	must(err)
	must(second(h.Writing.Save(ctx, boss, writing.Draft{Conversation: c.ID, Kind: writing.Reply, Text: marker,
		Content: writing.Content{Files: []writing.File{{ID: writing.FileID(file.ID), Name: marker, Type: "text/plain", Size: 3}}, Cc: []string{marker}}}, 0)))
	must(second(h.Library.Add(ctx, boss, library.Content{Audience: library.Public, Texts: []library.Text{{Language: "en", Title: "To " + marker, Body: "Dear " + marker}}})))
	h.Tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO arrival (id, account, remote_id, event, tries, problem, at, next_try, state) VALUES (7, 1, 'x', $1, 1, $2, 0, 0, 'aside')`,
			[]byte(`{"from":{"remoteId":"`+marker+`"}}`), marker)
		return err
	})
	_, key, err := h.Staff.MakeKey(ctx, boss, "k", []staff.Scope{staff.Admin})
	must(err)
	q := httptest.NewRequest("POST", "/api/conversations/"+c.ID.String()+"/notes", strings.NewReader(`{"text":"`+marker+`"}`))
	q.Header = http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}, "Idempotency-Key": {"note"}}
	a := httptest.NewRecorder()
	if h.API.Handler().ServeHTTP(a, q); a.Code != 201 && a.Code != 200 {
		t.Fatalf("a note over HTTP was answered by %d %s", a.Code, a.Body)
	}
	must(second(h.Desk.Close(ctx, boss, c.ID, "gave up on "+marker)))
	must(second(h.Desk.Reopen(ctx, boss, c.ID)))
}

// Nothing of a contact is left in any column of any table once they are erased, in tables that come later neither: one that hangs on
// a contact and is not filled here is named.
func TestOfAnErasedContactNothingIsLeft(t *testing.T) {
	ring := secret.Random()
	sealing(t, ring, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		tom := arrive(t, h, "tom", "My toaster burns.")
		c, also := loud(t, h, marker), loud(t, h, marker+"2")
		furnish(t, h, c)
		if _, err := h.Desk.Merge(ctx, h.Boss, c.Contact, also.Contact); err != nil {
			t.Fatal(err)
		}
		m, err := h.Desk.Merge(ctx, h.Boss, tom.Contact, c.Contact)
		if err != nil {
			t.Fatal(err)
		}
		now.Add(time.Minute)
		loud(t, h, marker) // in the conversation of another
		if _, err := h.Desk.UndoMerge(ctx, h.Boss, m.ID); err != nil {
			t.Fatal(err)
		}
		settled := func() bool {
			more, err := desk.SweepSome(ctx, h.Store)
			var n int
			if err := h.Store.Read().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM search_todo) + (SELECT count(*) FROM meta WHERE name = 'search to be swept')`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return err == nil && !more && n == 0
		}
		until(t, "it can be searched for", settled)
		before := holding(t, h)
		for _, must := range []string{"idempotency", "message", "draft", "conversation"} {
			if before[must] == nil {
				t.Errorf("nothing is in %s to begin with", must)
			}
		}
		for table, columns := range columnsOf(t, h) {
			for _, by := range hangs {
				if columns[by] != "" && before[table] == nil && wordless[table] == "" {
					t.Errorf("table %s hangs on a contact (%s) and is not filled here: fill it in furnish, or say in wordless why it holds no words", table, by)
				}
			}
		}

		if sealedWith(t, h, ring) == 0 {
			t.Fatal("no letter that quotes it waits to be sent")
		}
		shown := contact.Shown(theContact(t, h, c.Contact).Name, "")
		if _, err := h.Desk.Erase(ctx, h.Boss, c.Contact, shown); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []writing.Kind{writing.Reply, writing.Note} { // a browser that was away brings what was typed there
			d, err := h.Writing.Save(ctx, h.Boss, writing.Draft{Conversation: c.ID, Kind: kind, Text: marker}, time.Hour)
			if err != nil || !d.Blank() {
				t.Errorf("a %s typed before is kept: %+v, %v", kind, d, err)
			}
		}
		until(t, "the full text is rid of it", settled)
		left := holding(t, h)
		for _, table := range slices.Sorted(maps.Keys(left)) {
			if stays[table] == "" {
				t.Errorf("table %s still holds it: %v", table, left[table])
			}
		}
		if n := sealedWith(t, h, ring); n > 0 {
			t.Errorf("%d letters that quote it are still to be sent", n)
		}
		if tom = get(t, h, tom.ID); tom.State == desk.Closed || tom.Messages != 2 {
			t.Errorf("the other's conversation became %+v", tom)
		}
		list, err := desk.MessagesOf(ctx, h.Store.Read(), tom.ID, 10)
		if err != nil || len(list) != 2 || list[0].Text != "My toaster burns." || list[1].DeletedAt.IsZero() {
			t.Errorf("in it stands %+v, %v", list, err)
		}
	})
}
