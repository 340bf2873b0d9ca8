package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// secretTalk is a conversation of a department in which everything holds the word: what the contact says and is called, a note, a
// tag, a question to colleagues, a promise, and an answer that is held.
func (w *world) secretTalk(t testing.TB, in staff.DepartmentID, word string) talk {
	t.Helper()
	ctx, k := context.Background(), w.talk(t, in)
	boss := w.hire(t, staff.Administrator, in).ActorOf()
	w.tx(t, func(tx *store.Tx) error {
		for statement, id := range map[string]any{`UPDATE message SET body = 'my ` + word + ` is broken, where is the invoice' WHERE id = $1`: k.message,
			`UPDATE contact SET name = '` + word + ` kim' WHERE id = $1`: k.contact, `UPDATE identity SET name = '` + word + ` kim', handle = '@` + word + `' WHERE contact = $1`: k.contact,
			`INSERT INTO search_todo (message) SELECT id FROM message WHERE id NOT IN (SELECT message FROM search_todo) AND id >= $1`: k.message} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		_, err := contact.WriteWords(ctx, tx, []contact.ID{k.contact})
		return err
	})
	d, err := w.Delivery.Reply(ctx, boss, k.conversation, delivery.Draft{Text: "we mend your " + word, Force: true})
	if err == nil {
		w.tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'held' WHERE id = $1`, d.ID)
			return err
		})
	}
	_, claimed := w.Desk.Claim(ctx, boss, k.conversation)
	_, noted := w.Desk.WriteNote(ctx, boss, k.conversation, "a "+word+" again")
	_, tagged := w.Desk.Tag(ctx, boss, k.conversation, []string{word})
	_, asked := w.Desk.Ask(ctx, boss, k.conversation, desk.Asking{Department: w.department(t, "Marketing"), Text: "who knows a " + word + "?"})
	_, promised := w.Desk.MakePromise(ctx, boss, k.conversation, desk.Making{Text: "a new " + word, Due: w.clock.Now().Add(48 * time.Hour)})
	for what, err := range map[string]error{"reply": err, "claim": claimed, "note": noted, "tag": tagged, "ask": asked, "promise": promised} {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	return k
}

// Whatever is asked, and with whatever words: no list, search, suggestion, export, counter or notification tells of a conversation
// that somebody may not open, neither its words nor that it is there.
func TestNothingTellsOfWhatOneMayNotOpen(t *testing.T) {
	const word = "zebrafink"
	w := newWorld(t)
	ctx, sales, accounts := context.Background(), w.department(t, "Sales"), w.department(t, "Accounts")
	mine := w.talk(t, sales)
	callers := map[staff.Role]*caller{}
	before := map[staff.Role]string{}
	for _, role := range []staff.Role{staff.Member, staff.Contributor, staff.Agency, staff.Operator} {
		callers[role] = w.as(t, w.hire(t, role, sales))
		before[role] = string(callers[role].do("GET", "/api/counts", nil).body)
	}
	theirs := w.secretTalk(t, accounts, word)
	for {
		if n, err := desk.IndexSome(ctx, w.Store, 100); err != nil || n == 0 {
			break
		}
	}
	w.ring(t)
	lists := []string{"?q=zebra", "?view=all&state=any&q=" + word, "?view=all&state=open", "?view=aside&state=open", "?view=promised&state=open", "?view=asked&state=open", "?state=held", "?about=" + word,
		"?tag=" + word, "?view=all&state=open&tag=" + word, "?department=" + accounts.String(), "?contact=" + theirs.contact.String(), "?conversation=" + theirs.conversation.String(),
		"?in=" + theirs.conversation.String(), "?account=" + w.account.String() + "&thread=" + theirs.message.String()}
	tells := map[staff.Role]map[string]bool{}
	for role, c := range callers {
		tells[role] = map[string]bool{}
		for _, r := range w.API.Routes() {
			if r.Method != http.MethodGet || r.Path == "/api/live" {
				continue
			}
			for _, own := range []string{mine.conversation.String(), mine.contact.String(), mine.message.String(), accounts.String(), theirs.conversation.String(), theirs.contact.String()} {
				path := r.Path
				for strings.Contains(path, "{") {
					a, b, _ := strings.Cut(path, "{")
					_, b, _ = strings.Cut(b, "}")
					path = a + own + b
				}
				queries := []string{"", "?q=" + word, "?text=" + word}
				if path == r.Path {
					queries = append(queries, lists...)
				}
				for _, query := range queries {
					a := c.do("GET", path+query, nil)
					if a.status >= 500 && a.status != http.StatusServiceUnavailable {
						t.Errorf("%s%s: %d %s", path, query, a.status, a.body)
					}
					if kept := a.header.Get("Cache-Control"); !r.Open && r.Name != "avatar" && kept != "no-store" { // what a browser kept would be seen after the session
						t.Errorf("%s: Cache-Control is %q", r.Name, kept)
					}
					body := strings.ToLower(string(a.body))
					body = strings.ReplaceAll(body, strings.ToLower(query), "") // a refusal may name what was asked
					if strings.Contains(body, word) || a.status < 300 && (strings.Contains(body, theirs.conversation.String()) || strings.Contains(body, theirs.contact.String())) {
						tells[role][r.Name+query] = true
					}
				}
				if path == r.Path {
					break // it holds no id
				}
			}
		}
		if now := string(c.do("GET", "/api/counts", nil).body); role != staff.Operator && now != before[role] {
			t.Errorf("%s: the counts were %s and are %s", role, before[role], now)
		}
	}
	for _, role := range []staff.Role{staff.Member, staff.Contributor, staff.Agency} {
		for what := range tells[role] {
			t.Errorf("%s is told by %s", role, what)
		}
	}
	if n := len(tells[staff.Operator]); n < 15 {
		t.Errorf("who may open it is told by %d ways only: %v", n, fmt.Sprint(tells[staff.Operator]))
	}
}
