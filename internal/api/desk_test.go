package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/api"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// got reads an answer that must be a success.
func got[T any](t testing.TB, a reply) (v T) {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
	return v
}

// whole is a conversation as a browser reads it.
type whole struct {
	ID         string
	State      string
	SetAside   bool
	Owner      struct{ Department, Person api.Ref }
	Can        []string
	Intent     string
	Urgency    string
	Language   string
	Needs      string
	Clock      *api.Clock
	Tags       []string
	Timeline   []map[string]any
	ReplyAs    *api.ReplyAs
	Viewers    []api.Viewer
	Others     []api.Row
	Decision   api.Decision
	Deliveries []api.Delivery
}

func TestAConversationIsWorkedFromTheInboxToItsEnd(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	at := "/api/conversations/" + k.conversation.String()

	page := got[struct {
		Items []api.Row
		Next  string
	}](t, bob.do("GET", "/api/conversations?view=unowned&limit=1", nil))
	if len(page.Items) != 1 || page.Items[0].ID != k.conversation.String() || page.Items[0].Contact.Name != "Kim" || page.Items[0].Account.Channel != "pretend" {
		t.Fatalf("the inbox holds %+v", page)
	}
	if r := page.Items[0]; r.Contact.Avatar != "/api/avatars/"+k.contact.String() || r.Owner.Person != nil || !slices.Contains(r.Can, "claim") || slices.Contains(r.Can, "release") {
		t.Errorf("the row is %+v", r)
	}
	c := got[whole](t, bob.do("POST", at+"/claim", []byte("{}")))
	if c.Owner.Person.ID != bob.person.ID.String() || !slices.Contains(c.Can, "release") {
		t.Errorf("after taking it: %+v", c)
	}
	if a := ann.do("POST", at+"/claim", nil); a.status != 409 || !strings.Contains(string(a.body), bob.person.Name) {
		t.Errorf("ann takes it too: %d %s", a.status, a.body)
	}
	got[map[string]any](t, bob.do("POST", at+"/notes", []byte(`{"text":"ask accounts"}`)))
	d := got[api.Delivery](t, bob.do("POST", at+"/reply", []byte(`{"text":"It is on its way","undo":30,"then":"close"}`)))
	if d.State != delivery.Held || !slices.Contains(d.Can, "cancel") { // nobody has given sales the right to speak
		t.Errorf("the answer is %+v", d)
	}
	c = got[whole](t, bob.do("PUT", at+"/tags", []byte(`{"tags":["vat"," vat ","late"]}`)))
	if strings.Join(c.Tags, ",") != "vat,late" {
		t.Errorf("tags %q", c.Tags)
	}
	for path, body := range map[string]string{"/intent": `{"intent":"billing"}`, "/urgency": `{"urgency":"now"}`, "/language": `{"language":"nl"}`} {
		c = got[whole](t, bob.do("PUT", at+path, []byte(body)))
	}
	if c.Intent != "billing" || c.Urgency != "now" || c.Language != "nl" {
		t.Errorf("corrected: %s, %s, %s", c.Intent, c.Urgency, c.Language)
	}
	if a := bob.do("PUT", at+"/urgency", []byte(`{"urgency":"soon"}`)); a.status != 422 {
		t.Errorf("an urgency there is not: %d %s", a.status, a.body)
	}
	if c = got[whole](t, bob.do("PUT", at+"/needs", []byte(`{"needs":"none"}`))); c.Needs != "none" || !c.SetAside || c.Clock != nil {
		t.Errorf("said to need no answer: %+v", c)
	}
	if c = got[whole](t, bob.do("POST", at+"/undo", []byte(`{"do":"needs"}`))); c.Needs != "must" || c.State != "open" || c.SetAside {
		t.Errorf("and taken back: %+v", c)
	}
	bob.do("PUT", at+"/intent", []byte(`{"intent":"careers"}`))
	if c = got[whole](t, bob.do("POST", at+"/undo", []byte(`{"do":"intent"}`))); c.Intent != "billing" {
		t.Errorf("the intent taken back: %+v", c)
	}
	var kinds []string
	for _, e := range c.Timeline {
		kinds = append(kinds, fmt.Sprint(e["kind"], ":", e["text"]))
	}
	for _, want := range []string{"message:where is my invoice", "event:Taken by " + bob.person.Name, "note:ask accounts", "event:Tagged vat, late", "event:Intent corrected to Billing", "event:Intent corrected to Billing: undone",
		"event:Urgency corrected to now (was normal)", "event:Language corrected to Dutch", "event:Corrected: it needs no answer", "event:Set aside: no answer needed",
		"event:Corrected: it needs an answer: undone", "event:Brought back: undone"} {
		if !slices.Contains(kinds, want) {
			t.Errorf("the timeline lacks %q: %q", want, kinds)
		}
	}
	c = got[whole](t, bob.do("POST", at+"/snooze", []byte(`{"until":"2026-03-03T10:00:00Z"}`)))
	if c.State != "snoozed" || !slices.Contains(c.Can, "wake") {
		t.Errorf("asleep: %s, %q", c.State, c.Can)
	}
	got[whole](t, bob.do("POST", at+"/wake", nil))
	c = got[whole](t, bob.do("POST", at+"/aside", nil))
	if !c.SetAside || !slices.Contains(c.Can, "unaside") {
		t.Errorf("set aside: %+v", c)
	}
	c = got[whole](t, bob.do("POST", at+"/unaside", nil))
	if c.State != "open" || c.SetAside {
		t.Errorf("brought back: %s", c.State)
	}
	c = got[whole](t, bob.do("POST", at+"/close", []byte(`{"reason":"done"}`)))
	if c.State != "closed" || !slices.Contains(c.Can, "reopen") || slices.Contains(c.Can, "snooze") {
		t.Errorf("closed: %s, %q", c.State, c.Can)
	}
}

func TestWhoGivesAConversationAwayIsToldSoAndSeesItNoMore(t *testing.T) {
	w := newWorld(t)
	bob := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	k := w.talk(t, w.department(t, "Sales"))
	at := "/api/conversations/" + k.conversation.String()
	c := got[whole](t, bob.do("POST", at+"/handover", []byte(`{"department":"`+w.department(t, "Accounts").String()+`","reason":"theirs"}`)))
	if c.Owner.Department.Name != "Accounts" || len(c.Can) != 0 || c.Timeline == nil {
		t.Errorf("the answer is %+v", c)
	}
	if a := bob.do("GET", at, nil); a.status != 404 {
		t.Errorf("afterwards: %d", a.status)
	}
}

// Who put several through takes them back though they see them no more; what somebody has touched since stays and says why, and what
// stood like that already is nothing to take back.
func TestPuttingThroughManyIsTakenBackAsFarAsNobodyTouchedIt(t *testing.T) {
	w := newWorld(t)
	home, to := w.department(t, "Accounts"), w.department(t, "Sales")
	ann := w.as(t, w.hire(t, staff.Member, home))
	a, b := w.talk(t, home).conversation, w.talk(t, home).conversation
	bulk := func(do string) map[string]api.BulkResult {
		t.Helper()
		body := fmt.Appendf(nil, `{%s,"items":[{"id":%q},{"id":%q}]}`, do, a, b)
		out := map[string]api.BulkResult{}
		for _, r := range got[struct{ Items []api.BulkResult }](t, ann.do("POST", "/api/conversations/bulk", body)).Items {
			out[r.ID] = r
		}
		return out
	}
	put := bulk(fmt.Sprintf(`"do":"handover","department":%q`, to))
	if !put[a.String()].Done || !put[b.String()].Done || put[a.String()].Same {
		t.Fatalf("%+v", put)
	}
	if _, err := w.Desk.Claim(t.Context(), w.hire(t, staff.Member, to).ActorOf(), b); err != nil {
		t.Fatal(err)
	}
	back := bulk(`"do":"undo","of":"handover"`)
	if !back[a.String()].Done || back[b.String()].Done || !strings.Contains(back[b.String()].Why, "since") {
		t.Errorf("taken back: %+v", back)
	}
	c, err := w.Desk.Conversation(t.Context(), ann.person.ActorOf(), a)
	if err != nil || c.Department != home {
		t.Errorf("%+v, %v", c.Department, err)
	}
	bulk(`"do":"close"`)
	if again := bulk(`"do":"close"`); !again[a.String()].Same || again[b.String()].Done {
		t.Errorf("closed twice: %+v", again)
	}
}

func TestSearchListsCountsAndNamesShowOnlyWhatADirectReadWould(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	mine, theirs := w.talk(t, w.department(t, "Sales")), w.talk(t, w.department(t, "Accounts"))
	held := w.delivery(t, w.department(t, "Accounts"), delivery.Held)
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO search_todo (message) SELECT id FROM message WHERE id NOT IN (SELECT message FROM search_todo)`)
		return err
	})
	if _, err := desk.IndexSome(ctx, w.Store, 100); err != nil {
		t.Fatal(err)
	}
	for role, sees := range map[staff.Role]bool{staff.Member: false, staff.Contributor: false, staff.Operator: true, staff.Viewer: true} {
		c := w.as(t, w.hire(t, role, w.department(t, "Sales")))
		for _, path := range []string{"/api/search?q=invoice", "/api/conversations?view=all", "/api/conversations?view=all&q=invoice", "/api/conversations?view=all&department=" + w.department(t, "Accounts").String(),
			"/api/deliveries?state=held"} {
			a := c.do("GET", path, nil)
			if a.status != 200 {
				t.Errorf("%s, %s: %d %s", role, path, a.status, a.body)
			}
			seen := strings.Contains(string(a.body), theirs.conversation.String()) || strings.Contains(string(a.body), held.String())
			if seen != sees {
				t.Errorf("%s sees the other department's in %s: %v", role, path, seen)
			}
		}
		n := got[api.Counts](t, c.do("GET", "/api/counts", nil))
		if _, there := n.ByDepartment[w.department(t, "Accounts").String()]; there != sees {
			t.Errorf("%s is told the other department's number: %v", role, n.ByDepartment)
		}
		if a := c.do("GET", "/api/contacts/"+mine.contact.String(), nil); a.status != 200 {
			t.Errorf("%s, own contact: %d", role, a.status)
		}
	}
}

func TestASearchFindsWhatRestsWhereAListIsOfOneState(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	k := w.talk(t, w.department(t, "Sales"))
	w.tx(t, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE conversation SET state = 'waiting' WHERE id = $1`, k.conversation); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO search_todo (message) SELECT id FROM message WHERE id NOT IN (SELECT message FROM search_todo)`)
		return err
	})
	if _, err := desk.IndexSome(ctx, w.Store, 100); err != nil {
		t.Fatal(err)
	}
	bob := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	for query, n := range map[string]int{"state=open&q=invoice": 0, "state=waiting&q=invoice": 1, "state=any&q=invoice": 1} {
		found := got[struct{ Items []api.Row }](t, bob.do("GET", "/api/conversations?view=all&"+query, nil)).Items
		if len(found) != n {
			t.Errorf("%s finds %d, wanted %d", query, len(found), n)
		}
	}
	if a := bob.do("GET", "/api/conversations?view=all&state=any", nil); a.status != 422 {
		t.Errorf("a list of any state: %d %s", a.status, a.body)
	}
}

func TestSomebodyWithoutAPictureIsNoError(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	path := "/api/avatars/" + k.contact.String()
	if a := bob.do("GET", path, nil); a.status != 200 || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("a picture: %d %v", a.status, a.header)
	}
	for what, change := range map[string]string{"one that can't be had": "gopher://far.example/kim.png", "none": ""} {
		w.tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(context.Background(), `UPDATE identity SET avatar = $2 WHERE contact = $1`, k.contact, change)
			return err
		})
		if a := bob.do("GET", path, nil); a.status != 204 || len(a.body) != 0 || a.header.Get("Cache-Control") == "" {
			t.Errorf("%s: %d %v", what, a.status, a.header)
		}
	}
	if a := bob.do("GET", "/api/avatars/0000000000000", nil); a.status != 404 {
		t.Errorf("of nobody: %d", a.status)
	}
}

func TestWhatWasReadCanBeWrittenBackUnchanged(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Administrator, w.department(t, "Sales")))
	settings := boss.do("GET", "/api/settings", nil)
	if a := boss.do("PUT", "/api/settings", settings.body); a.status != 200 || string(a.body) != string(settings.body) {
		t.Errorf("settings: %d\n%s\n%s", a.status, settings.body, a.body)
	}
	rights := []byte(`{"items":[{"department":{"id":"` + w.department(t, "Sales").String() + `","name":"Sales"},"right":"speak"},{"person":{"id":"` + boss.person.ID.String() + `","name":"x"},"right":"manage"}]}`)
	path := "/api/accounts/" + w.account.String()
	first := got[map[string]any](t, boss.do("PUT", path+"/rights", rights))
	back, err := json.Marshal(map[string]any{"items": first["people"]})
	if err != nil {
		t.Fatal(err)
	}
	again := got[map[string]any](t, boss.do("PUT", path+"/rights", back))
	if fmt.Sprint(first["people"]) != fmt.Sprint(again["people"]) {
		t.Errorf("rights: %v, then %v", first["people"], again["people"])
	}
	person := got[map[string]any](t, boss.do("GET", "/api/people/"+boss.person.ID.String(), nil))
	change := map[string]any{}
	for _, name := range []string{"name", "role", "state", "zone", "skills", "languages", "capacity"} {
		change[name] = person[name]
	}
	b, err := json.Marshal(change)
	if err != nil {
		t.Fatal(err)
	}
	after := got[map[string]any](t, boss.do("PATCH", "/api/people/"+boss.person.ID.String(), b))
	if fmt.Sprint(person) != fmt.Sprint(after) {
		t.Errorf("person:\n%v\n%v", person, after)
	}
}

func TestHoursGoOutAndComeBack(t *testing.T) {
	w := newWorld(t)
	bob := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	path := "/api/people/" + bob.person.ID.String()
	hours := `{"zone":"Europe/Berlin","week":{"mon":[{"from":"09:00","to":"12:00"},{"from":"13:00","to":"17:00"}],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},"holidays":[{"date":"2026-12-24","name":"Eve"}]}`
	p := got[map[string]any](t, bob.do("PATCH", path, []byte(`{"hours":`+hours+`}`)))
	var want any
	if err := json.Unmarshal([]byte(hours), &want); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(p["hours"]) != fmt.Sprint(want) {
		t.Errorf("hours came back as %v", p["hours"])
	}
	p = got[map[string]any](t, bob.do("PATCH", path, []byte(`{"hours":{"zone":"","week":{"mon":[],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},"holidays":[]}}`)))
	if p["hours"] != nil {
		t.Errorf("back to the organisation's: %v", p["hours"])
	}
	if a := bob.do("PATCH", path, []byte(`{"hours":{"zone":"Mars","always":true,"week":{"mon":[],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},"holidays":[]}}`)); a.status != 422 || !strings.Contains(string(a.body), "body.hours.zone") {
		t.Errorf("a zone that is none: %d %s", a.status, a.body)
	}
}

func TestFilesFromOutsideCannotRun(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	path := "/api/media/" + k.media.String()
	a := bob.do("GET", path, nil)
	if a.status != 200 || a.header.Get("Content-Type") != "image/png" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a picture: %d %v", a.status, a.header)
	}
	give := func(name string, content []byte) {
		w.tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(context.Background(), `UPDATE media SET body = $2, name = $3, type = 'image/png' WHERE id = $1`, k.media, content, name)
			return err
		})
	}
	for content, name := range map[string]string{"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>": "a.svg", "<html><script>alert(1)</script>": "a.png", "%PDF-1.4": "a.pdf", "GIF89a": "evil\"\r\nX: y.gif",
		"\x89PNG\r\n\x1a\n and no more": "a.png"} {
		give(name, []byte(content))
		a := bob.do("GET", path, nil)
		if a.status != 200 || a.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("X") != "" || string(a.body) != content {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
	}
	behind := append(bytes.Clone(picture), "<script>alert(1)</script>"...)
	give("a\u202egnp.exe", behind)
	a = bob.do("GET", path, nil)
	if a.status != 200 || a.header.Get("Content-Type") != "image/png" || bytes.Contains(a.body, []byte("script")) || strings.Contains(a.header.Get("Content-Disposition"), "%E2%80%AE") {
		t.Errorf("a picture with something behind it: %d %v %q", a.status, a.header, a.body)
	}
	a = bob.do("GET", path+"?download", nil)
	if a.status != 200 || a.header.Get("Content-Type") != "application/octet-stream" || !bytes.Equal(a.body, behind) {
		t.Errorf("the same as it came: %d %v %q", a.status, a.header, a.body)
	}
}

// hostileNames are 200 names of files that want to be somewhere else, or something else, than they are.
func hostileNames() (list []string) {
	for _, end := range []string{"passwd", "a.png", "CON", "nul.txt", "a.png\x00.exe", ".htaccess", "a.exe.", "a. ", "\u202egnp.exe", "a\u200b.png"} {
		for _, begin := range []string{"../", "../../../../etc/", `..\..\`, "/etc/", `C:\Windows\`, `\\host\share\`, "....//", "%2e%2e/", "..;/", "file:///", "a/../../", "\u2066", "\ufeff", "\u200f", "~/", "./", "//", "\r\n", "\x1b[2J", "\u2028"} {
			list = append(list, begin+end)
		}
	}
	return list
}

func TestEveryUploadObeysOnePolicy(t *testing.T) {
	w := newWorld(t)
	folder := t.TempDir()
	t.Chdir(folder)
	t.Setenv("TMPDIR", folder)
	bob := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	names := hostileNames()
	if len(names) < 200 {
		t.Fatalf("only %d names", len(names))
	}
	send := func(name string, content []byte) reply {
		body, kind := file(t, name, content)
		w.clock.Add(time.Second) // at most so many a minute
		return bob.do("POST", "/api/uploads", body, "Content-Type", kind)
	}
	for _, name := range names {
		a := send(name, []byte("<svg onload=alert(1)>"))
		if a.status == 422 || a.status == 400 { // the form itself is broken by it
			continue
		}
		u := got[api.Upload](t, a)
		bad := strings.ContainsFunc(u.Name, func(r rune) bool {
			return r < ' ' || r == 0x7f || strings.ContainsRune("/\\\u202e\u2066\u200b\u200f\ufeff\u2028", r)
		})
		if bad || u.Name == "" || strings.Trim(u.Name, ". ") != u.Name || strings.HasPrefix(u.Type, "image/") {
			t.Errorf("%q is kept as %q, %s", name, u.Name, u.Type)
		}
	}
	if list, err := os.ReadDir(folder); err != nil || len(list) > 0 {
		t.Errorf("files lie about: %v, %v", list, err)
	}
	bomb := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00\x3b")
	for what, content := range map[string][]byte{"nothing": {}, "26 MB": make([]byte, delivery.MaxUpload+1), "a bomb": bomb} {
		if a := send("a.gif", content); a.status != 422 && a.status != 413 || !strings.Contains(string(a.body), "file") {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
}

func TestHostileWordsAreShownAsWords(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	html := `<p onclick="x()">Hello <b>Bob</b><script>alert(1)</script><img src="https://spy.example/x.png"><a href="javascript:alert(1)">a</a><a href="https://ok.example/">b</a><style>*{color:red}</style><iframe src="x"></iframe><form action="https://spy.example"><input></form><svg onload=alert(1)></svg></p>`
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(context.Background(), `UPDATE message SET rest = $2 WHERE id = $1`, k.message, store.JSON(desk.Rest{HTML: html, URL: "javascript:alert(1)"}))
		return err
	})
	c := got[whole](t, bob.do("GET", "/api/conversations/"+k.conversation.String(), nil))
	shown := fmt.Sprint(c.Timeline[0]["html"])
	for _, bad := range []string{"script", "onclick", "onload", "<img", "javascript:", "<style", "<iframe", "<form", "<input", "<svg", "spy.example"} {
		if strings.Contains(shown, bad) {
			t.Errorf("%q is shown: %s", bad, shown)
		}
	}
	if !strings.Contains(shown, "<b>Bob</b>") || !strings.Contains(shown, `href="https://ok.example/"`) || !strings.Contains(shown, "noreferrer") {
		t.Errorf("what is harmless is not: %s", shown)
	}
	if c.Timeline[0]["url"] != nil {
		t.Errorf("the address is %v", c.Timeline[0]["url"])
	}
}

func TestTheStopButtonAnswersWithWhatWaits(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Manager))
	if a := got[api.StopAnswer](t, boss.do("POST", "/api/stop", nil)); !a.Stopped {
		t.Errorf("%+v", a)
	}
	if s := got[api.Session](t, boss.do("GET", "/api/session", nil)); !s.Stopped {
		t.Error("the session does not tell")
	}
	if a := got[api.StopAnswer](t, boss.do("POST", "/api/resume", nil)); a.Stopped {
		t.Errorf("%+v", a)
	}
	a := got[api.StopAnswer](t, boss.do("POST", "/api/accounts/"+w.account.String()+"/stop", []byte("{}")))
	one := got[api.Account](t, boss.do("GET", "/api/accounts/"+w.account.String(), nil))
	if !a.Stopped || !one.Paused || one.State != "paused" {
		t.Errorf("%+v, %+v", a, one)
	}
}

func TestATestMessageIsToldInSentencesAndSentOnce(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Manager))
	path := "/api/accounts/" + w.account.String()
	if a := got[api.Account](t, boss.do("GET", path, nil)); !slices.Contains(a.Can, "test") {
		t.Errorf("it is not offered: %v", a.Can)
	}
	if a := got[api.Account](t, w.as(t, w.hire(t, staff.Member)).do("GET", path, nil)); slices.Contains(a.Can, "test") {
		t.Errorf("it is offered to who may not: %v", a.Can)
	}
	for range 2 {
		a := got[api.Tested](t, boss.do("POST", path+"/test", nil, "Idempotency-Key", "t1"))
		if a.Detail != "A test was sent. It was seen. Nothing of it is left there. That took 0.0 seconds." || !a.Seen || !a.Gone {
			t.Errorf("%+v", a)
		}
	}
	n := 0
	err := w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1`, string(journal.AccountTested)).Scan(&n)
	if err != nil || n != 1 {
		t.Errorf("it was sent %d times, %v", n, err)
	}
	got[api.StopAnswer](t, boss.do("POST", path+"/stop", nil))
	if a := boss.do("POST", path+"/test", nil); a.status != 409 || !strings.Contains(string(a.body), "resume it, then send the test") {
		t.Errorf("of a stopped account: %d %s", a.status, a.body)
	}
}

func TestCandidatesAreFoundByNameAndByWhatTheyKnow(t *testing.T) {
	w := newWorld(t)
	if err := w.Brain.Train(t.Context()); err != nil { // it knows the departments now
		t.Fatal(err)
	}
	bob := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	type list struct{ Items []api.Candidate }
	byName := got[list](t, bob.do("GET", "/api/candidates?q="+bob.person.Name, nil))
	if len(byName.Items) == 0 || byName.Items[0].Person == nil || byName.Items[0].Person.ID != bob.person.ID.String() {
		t.Errorf("by name: %+v", byName)
	}
	byDepartment := got[list](t, bob.do("GET", "/api/candidates?q=accounts", nil))
	if len(byDepartment.Items) == 0 || byDepartment.Items[0].Department.Name != "Accounts" {
		t.Errorf("by department: %+v", byDepartment)
	}
	if a := got[list](t, bob.do("GET", "/api/candidates?conversation="+w.talk(t, w.department(t, "Sales")).conversation.String(), nil)); len(a.Items) == 0 {
		t.Error("nobody for an invoice")
	}
}

// What nobody could look at before an answer was sent is found when it is accepted, as the finder would have shown it.
func TestPromisesOfAnAnswerAreFoundWhenNobodyCouldLook(t *testing.T) {
	w := newWorld(t)
	home := w.department(t, "Sales")
	ann := w.as(t, w.hire(t, staff.Member, home))
	for body, want := range map[string]int{
		`{"text":"We will send it by Friday.","undo":30,"find":true}`: 1, `{"text":"We will send it by Friday.","undo":30}`: 0,
		`{"text":"Thank you.","undo":30,"find":true}`: 0,
	} {
		c := w.talk(t, home).conversation
		got[api.Delivery](t, ann.do("POST", "/api/conversations/"+c.String()+"/reply", []byte(body)))
		shown := got[struct{ Promises []api.Promise }](t, ann.do("GET", "/api/conversations/"+c.String(), nil))
		if len(shown.Promises) != want || want == 1 && (shown.Promises[0].State != "unsaid" || shown.Promises[0].Text != "We will send it by Friday.") {
			t.Errorf("%s: %+v", body, shown.Promises)
		}
	}
}

// After a merge the screen says to whom an answer really goes, though another identity of the contact is older.
func TestAMergedContactIsShownAsWhoWillBeAnswered(t *testing.T) {
	w := newWorld(t)
	home := w.department(t, "Sales")
	ann := w.as(t, w.hire(t, staff.Member, home))
	other, k := w.talk(t, home), w.talk(t, home)
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE identity SET handle = '@elsewhere' WHERE contact = $1`, other.contact)
		return err
	})
	if _, err := w.Desk.Merge(t.Context(), staff.Machine(), k.contact, other.contact); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[desk.ConversationID]string{k.conversation: "@kim", other.conversation: "@elsewhere"} {
		path := "/api/conversations/" + id.String()
		c := got[struct {
			Contact api.RowContact
			ReplyAs *api.ReplyAs
		}](t, ann.do("GET", path, nil))
		if c.Contact.Handle != want || c.ReplyAs == nil || c.ReplyAs.To != want {
			t.Errorf("shown %+v, answered as %+v; want %s", c.Contact, c.ReplyAs, want)
		}
		ways := got[api.PrivateWays](t, ann.do("GET", path+"/private", nil))
		if ways.Direct == nil || ways.Direct.To != want {
			t.Errorf("in private to %+v; want %s", ways.Direct, want)
		}
	}
}

// topicOf is the topic with a key, as somebody is shown it.
func topicOf(t *testing.T, c *caller, key string) api.Topic {
	t.Helper()
	list := got[struct{ Items []api.Topic }](t, c.do("GET", "/api/topics", nil)).Items
	at := slices.IndexFunc(list, func(k api.Topic) bool { return k.Key == key })
	if at < 0 {
		t.Fatalf("no topic %q in %+v", key, list)
	}
	return list[at]
}

func TestATopicDoesNotTellHowMuchOthersHaveOnIt(t *testing.T) {
	w := newWorld(t)
	name := "Harassment"
	k, err := w.Topics.Add(t.Context(), staff.Machine(), topic.Change{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	member, operator := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales"))), w.as(t, w.hire(t, staff.Operator, w.department(t, "Sales")))
	before := member.do("GET", "/api/topics", nil)
	if n := topicOf(t, operator, k.Key).Count; n == nil || *n != 0 {
		t.Errorf("an operator is told %v", n)
	}
	if err := w.Topics.Correct(t.Context(), staff.Machine(), w.talk(t, w.department(t, "Accounts")).conversation, []string{k.Key}); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(time.Minute) // counts are kept a while
	if n := topicOf(t, operator, k.Key).Count; n == nil || *n != 1 {
		t.Errorf("an operator is told %v", n)
	}
	if n := topicOf(t, member, k.Key).Count; n != nil {
		t.Errorf("a member is told %d", *n)
	}
	if after := member.do("GET", "/api/topics", nil); !bytes.Equal(before.body, after.body) {
		t.Errorf("a member is told %s; before %s", after.body, before.body)
	}
}

func TestAMergeCountsOnlyWhatOneMaySee(t *testing.T) {
	w := newWorld(t)
	home, other := w.department(t, "Sales"), w.department(t, "Accounts")
	ann := w.as(t, w.hire(t, staff.Member, home))
	k, gone, theirs := w.talk(t, home), w.talk(t, home), w.talk(t, other)
	first, err := w.Desk.Merge(t.Context(), staff.Machine(), gone.contact, theirs.contact)
	if err != nil {
		t.Fatal(err)
	}
	m := got[api.MergeDone](t, ann.do("POST", "/api/contacts/"+k.contact.String()+"/merge", []byte(`{"other":"`+gone.contact.String()+`"}`)))
	if m.Conversations != 1 {
		t.Errorf("of two conversations that moved, one of them another department's, a member is told of %d", m.Conversations)
	}
	for _, in := range []staff.DepartmentID{home, other} { // what the other says goes on after the merge
		later := w.talk(t, in)
		w.tx(t, func(tx *store.Tx) error {
			if _, err := tx.ExecContext(t.Context(), `UPDATE message SET identity = $2 WHERE id = $1`, later.message, first.Moved.Identities[0]); err != nil {
				return err
			}
			_, err := tx.ExecContext(t.Context(), `UPDATE conversation SET contact = $2 WHERE id = $1`, later.conversation, k.contact)
			return err
		})
	}
	u := got[api.MergeDone](t, ann.do("POST", "/api/merges/"+m.ID+"/undo", nil))
	if u.Conversations != 1 || u.Left != 1 {
		t.Errorf("undoing it tells a member of %d that moved and %d that stay", u.Conversations, u.Left)
	}
	s := got[api.SplitDone](t, ann.do("POST", "/api/contacts/"+gone.contact.String()+"/split", []byte(`{"identity":"`+first.Moved.Identities[0].String()+`"}`)))
	if s.Conversations != 0 {
		t.Errorf("a split tells a member of %d", s.Conversations)
	}
}
