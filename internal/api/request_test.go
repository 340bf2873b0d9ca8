package api_test

import (
	"slices"
	"strings"
	"testing"

	"switchboard/internal/api"
	"switchboard/internal/staff"
)

type asked struct {
	ID, State string
	Owner     struct{ Department, Person api.Ref }
	Can       []string
	Asked     int
	AskedDue  string
	Requests  []api.Request
	Timeline  []map[string]any
	ReplyAs   *api.ReplyAs
}

func TestAColleagueIsAskedAndAnswers(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Contributor, accounts))
	cat := w.as(t, w.hire(t, staff.Member, accounts))
	k := w.talk(t, sales)
	at := "/api/conversations/" + k.conversation.String()
	if a := ann.do("GET", at, nil); a.status != 404 {
		t.Fatalf("before she is asked ann sees it: %d", a.status)
	}
	body := []byte(`{"person":"` + ann.person.ID.String() + `","text":"Was invoice 12 paid?"}`)
	r := got[api.Request](t, bob.do("POST", at+"/requests", body, "Idempotency-Key", "once"))
	if again := got[api.Request](t, bob.do("POST", at+"/requests", body, "Idempotency-Key", "once")); again.ID != r.ID {
		t.Errorf("a repeat asks once more: %s and %s", r.ID, again.ID)
	}
	if r.Person.ID != ann.person.ID.String() || r.Department.ID != accounts.String() || r.From.ID != bob.person.ID.String() || !slices.Equal(r.Can, []string{"withdraw", "answer"}) && !slices.Equal(r.Can, []string{"answer", "withdraw"}) {
		t.Errorf("asked as %+v", r)
	}

	page := got[struct{ Items []api.Row }](t, ann.do("GET", "/api/conversations?view=asked", nil))
	counts := got[api.Counts](t, ann.do("GET", "/api/counts", nil))
	if len(page.Items) != 1 || page.Items[0].AskedDue == nil || counts.Asked != 1 || counts.All != 0 {
		t.Errorf("ann's view holds %+v, her counters %+v", page.Items, counts)
	}
	c := got[asked](t, ann.do("GET", at, nil))
	if !slices.Equal(c.Can, []string{"note", "ask"}) || c.ReplyAs != nil || len(c.Requests) != 1 || !c.Requests[0].Mine || !slices.Equal(c.Requests[0].Can, []string{"answer", "pass"}) {
		t.Errorf("ann sees %+v", c)
	}
	if a := ann.do("POST", at+"/reply", []byte(`{"text":"Yes"}`)); a.status != 403 {
		t.Errorf("ann answers the contact of another department: %d %s", a.status, a.body)
	}
	if a := cat.do("PATCH", "/api/contacts/"+k.contact.String(), []byte(`{"note":"kind"}`)); a.status != 403 {
		t.Errorf("cat, whose department is only asked, changes the contact: %d %s", a.status, a.body)
	}
	r = got[api.Request](t, ann.do("POST", "/api/requests/"+r.ID+"/answer", []byte(`{"text":"Yes, on Friday."}`)))
	if r.State != "answered" || r.EndedBy == nil || len(r.Can) != 0 {
		t.Errorf("answered as %+v", r)
	}
	if a := ann.do("GET", at, nil); a.status != 404 {
		t.Errorf("afterwards ann still sees it: %d", a.status)
	}
	if a := bob.do("POST", "/api/requests/"+r.ID+"/withdraw", nil); a.status != 409 {
		t.Errorf("what was answered is withdrawn: %d %s", a.status, a.body)
	}
	c = got[asked](t, bob.do("GET", at, nil))
	var told []string
	for _, e := range c.Timeline {
		if s, ok := e["text"].(string); ok {
			told = append(told, s)
		}
	}
	for _, want := range []string{"Asked " + ann.person.Name + ", Accounts: Was invoice 12 paid?", "The request to " + ann.person.Name + ", Accounts was answered: Yes, on Friday."} {
		if !slices.Contains(told, want) {
			t.Errorf("the timeline lacks %q: %s", want, strings.Join(told, " | "))
		}
	}
	if c.Owner.Department.ID != sales.String() || c.Asked != 0 || c.Requests[0].Answer != "Yes, on Friday." {
		t.Errorf("in the end bob sees %+v", c)
	}
}
