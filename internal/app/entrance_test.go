package app

import (
	"strings"
	"testing"
	"time"

	"switchboard/internal/staff"
)

func TestLettersAboutTheWayInLeadToTheHouseAlone(t *testing.T) {
	house := staff.Organisation{Name: "ACME", PublicURL: "https://desk.acme.example", Zone: "Europe/Berlin"}
	until := time.Date(2026, 3, 2, 10, 30, 0, 0, time.UTC)
	for kind, want := range map[staff.NoteKind][]string{
		staff.NoteInvited: {"Sue <b>Marsh</b> invites you to Switchboard, where ACME answers its customers.", "https://desk.acme.example/join#secret", "Monday 2 March, 11:30 CET"},
		staff.NoteReset:   {"Sue <b>Marsh</b> made a link", "https://desk.acme.example/reset#secret", "Monday 2 March, 11:30 CET"},
		staff.NoteChanged: {"Your password for ACME was changed", "https://desk.acme.example/signin"},
	} {
		p := page(staff.Note{Kind: kind, To: "bob@acme.example", By: "Sue <b>Marsh</b>", Secret: "secret", Until: until}, house)
		said := p.Title + "\n" + p.Text()
		for _, w := range want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: no %q in\n%s", kind, w, said)
			}
		}
		if n := strings.Count(said, "http"); n != 1 || strings.Contains(p.HTML(), "<b>") {
			t.Errorf("%s: %d addresses, or a tag of somebody's:\n%s", kind, n, p.HTML())
		}
	}
	if p := page(staff.Note{Kind: staff.NoteReset, Secret: "secret", Until: until}, house); !strings.HasPrefix(p.Lead, "Somebody asked") {
		t.Errorf("asked for by themselves: %q", p.Lead)
	}
}
