package api

import (
	"os"
	"strings"
	"testing"

	"switchboard/internal/staff"
)

func TestTheTableOfRightsInTheDocumentationIsTheOneInTheProgram(t *testing.T) {
	b, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if name, _, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(cells[0]), "`"), "`:"); ok && len(cells) == 8 {
			told[name] = cells[1:]
		}
	}
	boss := staff.Person{State: staff.Active, Role: staff.Administrator, ID: 1}
	actions := boss.ActorOf().Actions()
	if len(told) != len(actions) {
		t.Errorf("%d rights are told of, there are %d", len(told), len(actions))
	}
	for _, a := range actions {
		for k, role := range staff.Roles() {
			can := staff.Can(staff.Person{State: staff.Active, Role: role, ID: 1}, a)
			if row := told[string(a)]; len(row) != 7 || (strings.TrimSpace(row[k]) == "yes") != can {
				t.Errorf("%s, %s: the program says %v, the documentation %q", a, role, can, row)
			}
		}
	}
}
