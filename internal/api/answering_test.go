package api_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"switchboard/internal/api"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// tray is a post office that sends nothing.
type tray struct{ letters []mail.Letter }

func (p *tray) Post(_ context.Context, _ *store.Tx, l mail.Letter) (mail.LetterID, error) {
	p.letters = append(p.letters, l)
	return mail.LetterID(len(p.letters)), nil
}

func (p *tray) Find(context.Context, store.Queryer, string) (mail.Log, error) {
	return mail.Log{}, fault.New(fault.NotFound, "there is no such letter")
}

func (p *tray) Recall(context.Context, *store.Tx, string) error { return nil }

func (p *tray) Hears(context.Context, store.Queryer) (bool, error) { return false, nil }

var inLetter = regexp.MustCompile(`/answer#([a-z2-7]{26})`)

// link asks somebody of a department by e-mail and returns the token of the link in the mail.
func (w *world) link(t testing.TB, in, of staff.DepartmentID, a desk.Asking) (token string, r desk.Request) {
	t.Helper()
	p := &tray{}
	w.Desk.Mail = p
	defer func() { w.Desk.Mail = w.Mail }()
	bob := w.hire(t, staff.Contributor, of)
	a.Person, a.Mail = bob.ID, true
	if a.Text == "" {
		a.Text = "Was invoice 12 paid?"
	}
	r, err := w.Desk.Ask(context.Background(), staff.Machine(), w.talk(t, in).conversation, a)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.letters) != 1 || p.letters[0].To != bob.Email {
		t.Fatalf("the post has %+v", p.letters)
	}
	m := inLetter.FindStringSubmatch(p.letters[0].Text)
	if m == nil || !strings.Contains(p.letters[0].HTML, m[1]) {
		t.Fatalf("no link in %q", p.letters[0].Text)
	}
	return m[1], r
}

func TestALinkAnswersOneQuestionAndDoesNothingElse(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	anybody := &caller{w: w}
	token, r := w.link(t, sales, accounts, desk.Asking{Shows: desk.ShowsMessage})
	a := anybody.do("GET", "/api/answer", nil, "Request-Token", token)
	q := got[api.Answering](t, a)
	if q.State != desk.LinkOpen || q.Text != "Was invoice 12 paid?" || len(q.Messages) != 1 || q.Messages[0].Text != "where is my invoice" {
		t.Errorf("it opens %+v", q)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Set-Cookie") != "" || a.header.Get("Referrer-Policy") == "" {
		t.Errorf("its headers are %v", a.header)
	}
	for _, path := range []string{"/api/conversations/" + r.Conversation.String(), "/api/people", "/api/conversations", "/api/requests", "/api/counts", "/api/live"} {
		if a := anybody.do("GET", path, nil, "Request-Token", token); a.status != http.StatusUnauthorized {
			t.Errorf("with the link %s is %d", path, a.status)
		}
	}
	if a := anybody.do("POST", "/api/requests/"+r.ID.String()+"/answer", []byte(`{"text":"x"}`), "Request-Token", token); a.status != http.StatusUnauthorized {
		t.Errorf("the link answers as a session does: %d", a.status)
	}
	for _, wrong := range []string{"", "x", strings.Repeat("a", 26), token + "a", strings.ToUpper(token)} {
		if a := anybody.do("GET", "/api/answer", nil, "Request-Token", wrong); a.status != http.StatusNotFound {
			t.Errorf("the token %q is %d", wrong, a.status)
		}
	}
	if a := anybody.do("POST", "/api/answer", []byte(`{"text":"  "}`), "Request-Token", token); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty answer: %d", a.status)
	}
	q = got[api.Answering](t, anybody.do("POST", "/api/answer", []byte(`{"text":"Yes, on Friday."}`), "Request-Token", token))
	if q.State != desk.LinkAnswered || !strings.HasPrefix(q.By, "contributor") || q.At == nil || q.Text != "" || len(q.Messages) != 0 {
		t.Errorf("after the answer it says %+v", q)
	}
	if a := anybody.do("POST", "/api/answer", []byte(`{"text":"No!"}`), "Request-Token", token); a.status != http.StatusConflict {
		t.Errorf("it is used twice: %d", a.status)
	}
	boss := w.as(t, w.hire(t, staff.Operator, sales))
	c := got[asked](t, boss.do("GET", "/api/conversations/"+r.Conversation.String(), nil))
	if len(c.Requests) != 1 || c.Requests[0].Answer != "Yes, on Friday." || c.Requests[0].Way != "link" {
		t.Errorf("the conversation has %+v", c.Requests)
	}
}

func TestALinkPassesTheQuestionOn(t *testing.T) {
	w := newWorld(t)
	sales, accounts, marketing := w.department(t, "Sales"), w.department(t, "Accounts"), w.department(t, "Marketing")
	anybody := &caller{w: w}
	token, r := w.link(t, sales, accounts, desk.Asking{})
	if a := anybody.do("POST", "/api/answer/pass", []byte(`{"name":"Nobody Known"}`), "Request-Token", token); a.status != http.StatusUnprocessableEntity {
		t.Errorf("to somebody who is not here: %d %s", a.status, a.body)
	}
	if a := anybody.do("POST", "/api/answer/pass", []byte(`{}`), "Request-Token", token); a.status != http.StatusUnprocessableEntity {
		t.Errorf("to nobody: %d %s", a.status, a.body)
	}
	sue := w.hire(t, staff.Member, marketing)
	q := got[api.Answering](t, anybody.do("POST", "/api/answer/pass", []byte(`{"name":"`+strings.ToUpper(sue.Name)+`","reason":"she sent it"}`), "Request-Token", token))
	if q.State != desk.LinkPassed || q.By != sue.Name {
		t.Errorf("afterwards it says %+v", q)
	}
	mine := got[struct{ Items []api.Question }](t, w.as(t, sue).do("GET", "/api/requests", nil))
	if len(mine.Items) != 1 || mine.Items[0].Request.Text != r.Text {
		t.Errorf("sue is asked %+v", mine)
	}
}

func TestWhoIsToSeeTheQuestionAloneSeesNoMore(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Contributor, accounts))
	k := w.talk(t, sales)
	at := "/api/conversations/" + k.conversation.String()
	list := got[struct{ Items []api.Request }](t, bob.do("POST", at+"/requests/several", []byte(`{"to":[{"person":"`+ann.person.ID.String()+`"},{"department":"`+w.department(t, "Marketing").String()+`"}],"text":"Was invoice 12 paid?","when":"hour","shows":"question"}`)))
	if len(list.Items) != 2 || list.Items[0].Shows != "question" {
		t.Fatalf("asked as %+v", list)
	}
	if a := ann.do("GET", at, nil); a.status != http.StatusNotFound {
		t.Errorf("she sees the conversation: %d", a.status)
	}
	if page := got[struct{ Items []api.Row }](t, ann.do("GET", "/api/conversations?view=asked", nil)); len(page.Items) != 0 {
		t.Errorf("her view holds %+v", page.Items)
	}
	mine := got[struct{ Items []api.Question }](t, ann.do("GET", "/api/requests", nil))
	if len(mine.Items) != 1 || len(mine.Items[0].Messages) != 0 || mine.Items[0].Request.Text == "" {
		t.Errorf("she is asked %+v", mine)
	}
	r := got[api.Request](t, ann.do("POST", "/api/requests/"+list.Items[0].ID+"/answer", []byte(`{"text":"Yes"}`)))
	if r.State != "answered" {
		t.Errorf("she answers: %+v", r)
	}
	row := got[struct{ Items []api.Row }](t, bob.do("GET", "/api/conversations?view=all", nil))
	if len(row.Items) != 1 || len(row.Items[0].WaitsFor) != 1 || row.Items[0].WaitsFor[0].Department.Name != "Marketing" {
		t.Errorf("the row waits for %+v", row.Items)
	}
}
