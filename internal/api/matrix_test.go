package api_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/advice"
	"switchboard/internal/api"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/mail"
	"switchboard/internal/policy"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// letters stand for who asks: administrator, Manager, operator, member, contributor, viewer, agency, nobody.
var letters = map[byte]staff.Role{'A': staff.Administrator, 'M': staff.Manager, 'O': staff.Operator, 'm': staff.Member, 'c': staff.Contributor,
	'v': staff.Viewer, 'g': staff.Agency, 'n': ""}

const (
	everybody = "AMOmcvgn"
	signedIn  = "AMOmcvg"
	insiders  = "AMOmcv" // not an agency
	desks     = "AMOmc"  // who answer, of those who see conversations
	upper     = "AMO"
	bosses    = "AM"
	first     = "A"
	nobody    = "" // not done here, or not any more
)

// right is what a route allows: on an object of one's own (of one's department, oneself, an account one manages) and on a
// foreign one. A route without an object has no foreign.
type right struct{ own, foreign string }

// none says that a route has no object that could be foreign.
const none = "-"

// matrix says, for each route, who may. A route that is not here fails the test.
var matrix = map[string]right{
	"session": {everybody, none}, "sign-in": {everybody, none}, "sign-out": {everybody, none}, "sign-out-everywhere": {signedIn, none},
	"presence": {signedIn, none}, "habits": {signedIn, none}, "change-password": {signedIn, none}, "demo-people": {nobody, none}, "demo-enter": {nobody, none},
	"setup": {nobody, none}, "set-up": {nobody, none}, "ask-reset": {everybody, none}, "resetting": {everybody, none}, "reset": {everybody, none},

	"invitations": {first, none}, "invite": {first, none}, "revoke-invitation": {first, none}, "invited": {everybody, none}, "join": {everybody, none},
	"people": {signedIn, none}, "person": {signedIn, insiders}, "change-person": {signedIn, first}, "end-sessions": {signedIn, first}, "make-reset": {first, first},
	"add-absence": {signedIn, bosses}, "remove-absence": {signedIn, bosses},
	"departments": {signedIn, none}, "add-department": {bosses, none}, "change-department": {bosses, bosses}, "retire-department": {bosses, bosses},
	"hand-out": {"AMOm", upper},

	"settings": {signedIn, none}, "change-settings": {first, none}, "advice": {first, none}, "change-advice": {first, none}, "try-advice": {first, none},
	"house-mail": {first, none}, "change-house-mail": {first, none}, "try-house-mail": {first, none}, "keys": {signedIn, none}, "make-key": {"AMOm", none}, "revoke-key": {"AMOm", first},

	"channels": {insiders, none}, "accounts": {insiders, none}, "account": {insiders, insiders}, "connect-account": {bosses, none}, "check-settings": {bosses, none},
	"begin-connect": {bosses, none}, "end-connect": {signedIn, none}, "change-account": {signedIn, bosses}, "remove-account": {signedIn, bosses},
	"account-rights": {signedIn, bosses}, "check-account": {signedIn, bosses}, "test-account": {signedIn, bosses}, "see-lost": {signedIn, bosses}, "stop-account": {signedIn, bosses},
	"resume-account": {signedIn, bosses}, "stop": {bosses, none}, "resume": {bosses, none},
	"arrivals": {signedIn, bosses}, "retry-arrival": {signedIn, bosses}, "discard-arrival": {signedIn, bosses},

	"conversations": {signedIn, none}, "counts": {signedIn, none}, "conversation": {insiders, "AMOv"}, "mark-read": {insiders, "AMOv"},
	"reply": {desks, upper}, "write-note": {desks, upper}, "requests": {insiders, "AMOv"}, "ask": {desks, upper}, "ask-several": {desks, upper}, "answer-request": {desks, upper}, "pass-request": {desks, nobody}, "put-off-request": {desks, nobody}, "my-requests": {signedIn, none}, "asking-way": {desks, none},
	"open-question": {everybody, none}, "answer-by-link": {everybody, none}, "pass-by-link": {everybody, none}, "put-off-by-link": {everybody, none}, "withdraw-request": {desks, upper}, "claim": {desks, upper}, "release": {desks, upper}, "undo-deed": {desks, upper}, "hand-over": {desks, upper},
	"find-promises": {desks, upper}, "make-promise": {desks, upper}, "promises": {insiders, none}, "promise-figures": {insiders, none}, "change-promise": {desks, upper},
	"keep-promise": {desks, upper}, "break-promise": {desks, upper}, "withdraw-promise": {desks, upper}, "reopen-promise": {desks, upper},
	"snooze": {desks, upper}, "wake": {desks, upper}, "close": {desks, upper}, "reopen": {desks, upper}, "set-aside": {desks, upper}, "bring-back": {desks, upper},
	"answered-elsewhere": {desks, upper}, "tag": {desks, upper}, "correct-intent": {desks, upper}, "correct-urgency": {desks, upper}, "correct-language": {desks, upper}, "correct-needs": {desks, upper}, "candidates": {desks, upper},
	"intents": {signedIn, none}, "search": {signedIn, none}, "scoreboard": {upper, none}, "verdicts": {upper, none},

	"drafts": {signedIn, none}, "draft": {insiders, "AMOv"}, "save-draft": {desks, upper}, "who-is-here": {insiders, "AMOv"}, "be-here": {insiders, "AMOv"},
	"check-reply": {desks, upper}, "check-links": {"AMOmcg", none},

	"bulk": {desks + "g", none}, "thread": {insiders, "AMOv"}, "views": {insiders, none}, "keep-view": {insiders, none}, "view-counts": {insiders, none},
	"order-views": {insiders, none}, "change-view": {insiders, bosses}, "remove-view": {insiders, bosses},

	"board": {insiders, none}, "incidents": {insiders, none}, "incident": {insiders, "AMOv"}, "take-incident": {"AMOm", upper}, "end-incident": {"AMOm", upper},

	"deliveries": {signedIn, none}, "approve": {bosses, bosses}, "cancel": {bosses, bosses}, "retry": {bosses, bosses}, "confirm": {bosses, bosses},
	"posts": {desks, none}, "post": {desks, none}, "delivery-file": {insiders, "AMOv"},
	"contact": {insiders, "AMOv"}, "change-contact": {"AMOm", upper}, "upload": {"AMOmcg", none}, "media": {insiders, "AMOv"}, "avatar": {insiders, "AMOv"},

	"contacts": {signedIn, none}, "merge-contact": {"AMOm", upper}, "undo-merge": {"AMOm", upper}, "split-contact": {"AMOm", upper}, "same-contact": {insiders, "AMOv"},
	"apart-contact": {"AMOm", upper}, "note-consent": {"AMOm", upper}, "erase-contact": {bosses, bosses}, "export-contact": {bosses, bosses}, "export-contacts": {bosses, none},
	"import-contacts": {bosses, none}, "private-ways": {desks + "v", "AMOv"}, "take-private": {desks, upper}, "note-call": {desks, upper},

	"rules": {"AMOv", none}, "add-rule": {bosses, none}, "order-rules": {bosses, none}, "test-rule": {bosses, none}, "change-rule": {bosses, none},
	"remove-rule": {bosses, none}, "rule-history": {"AMOv", none}, "map": {"AMOv", none}, "set-map": {bosses, none}, "map-templates": {"AMOv", none},
	"map-versions": {"AMOv", none}, "restore-map": {bosses, none}, "replay-map": {bosses, none},

	"topics": {insiders, none}, "add-topic": {bosses, none}, "change-topic": {bosses, none}, "remove-topic": {bosses, none}, "test-topics": {insiders, none},
	"topic-conversations": {insiders, none}, "topic-suggestions": {bosses, none}, "correct-topics": {desks, upper}, "similar": {insiders, "AMOv"}, "translate": {insiders, "AMOv"},

	"notifications": {signedIn, none}, "unread-notifications": {signedIn, none}, "read-notifications": {signedIn, none}, "notification-settings": {signedIn, none},
	"change-notification-settings": {signedIn, none}, "add-device": {signedIn, none}, "try-device": {signedIn, nobody}, "remove-device": {signedIn, nobody},
	"chats": {bosses, none}, "add-chat": {bosses, none}, "change-chat": {bosses, none}, "try-chat": {bosses, none}, "remove-chat": {bosses, none},

	"answers": {insiders, none}, "add-answer": {desks, none}, "preview-answer": {insiders, none}, "answer": {insiders, "AMOv"}, "answer-versions": {insiders, "AMOv"},
	"change-answer": {"AMOm", upper}, "archive-answer": {"AMOm", upper}, "unarchive-answer": {"AMOm", upper}, "review-answer": {"AMOm", upper}, "restore-answer": {"AMOm", upper},
	"rate-answer": {desks, upper}, "fitting-answers": {insiders, "AMOv"}, "slash": {desks, upper}, "proposed-answer": {desks, upper},
	"saved-replies": {desks, none}, "add-saved-reply": {desks, none}, "change-saved-reply": {"AMOm", upper}, "remove-saved-reply": {"AMOm", upper},

	"live": {signedIn, none}, "openapi": {everybody, none}, "docs": {everybody, none}, "docs-file": {everybody, none},
}

// scene is one call: who asks, of what, and what they send.
type scene struct {
	w      *world
	t      testing.TB
	who    *caller
	home   staff.DepartmentID // of who asks
	in     staff.DepartmentID // of the object: home, or another
	own    bool
	path   string
	body   string
	header []string
}

// play makes what a route needs, new for each call, and fills in the address and the body.
func (s *scene) play(r api.Route) {
	s.path = strings.Replace(r.Path, "{file}", "docs.js", 1)
	switch r.Name {
	case "person", "change-person", "end-sessions", "make-reset", "add-absence", "remove-absence":
		s.person(r.Name)
	case "change-department", "retire-department", "hand-out":
		s.of(s.in.String())
		s.body = `{"summary":"new"}`
	case "revoke-key":
		s.key()
	case "change-rule", "remove-rule", "rule-history":
		s.of(s.rule().ID.String())
	case "change-topic", "remove-topic", "topic-conversations":
		name := "Topic " + s.w.unique()
		k, err := s.w.Topics.Add(context.Background(), staff.Machine(), topic.Change{Name: &name})
		s.must(err)
		s.path = strings.Replace(s.path, "{key}", k.Key, 1)
	case "answer", "change-answer", "archive-answer", "unarchive-answer", "review-answer", "restore-answer", "rate-answer", "answer-versions":
		s.entry(r.Name)
	case "change-saved-reply", "remove-saved-reply":
		k, err := s.w.Library.Save(context.Background(), staff.Actor{Person: 1, Role: staff.Administrator}, library.SavedReply{Department: s.in, Shortcut: s.w.unique(), Name: "x", Body: "y"})
		s.must(err)
		s.of(k.ID.String())
	case "proposed-answer":
		s.of(s.w.said(s.t, s.in).String())
	case "order-rules":
		s.order()
	case "restore-map":
		s.path = strings.Replace(s.path, "{number}", "0", 1)
	case "revoke-invitation":
		i, _, err := s.w.Staff.Invite(context.Background(), staff.Machine(), staff.Invitation{Email: s.w.unique() + "@x.example", Name: "X", Role: staff.Member})
		s.must(err)
		s.of(i.ID.String())
	case "invited", "join":
		_, secret, err := s.w.Staff.Invite(context.Background(), staff.Machine(), staff.Invitation{Email: s.w.unique() + "@x.example", Name: "X", Role: staff.Member})
		s.must(err)
		s.header, s.body = []string{"Invitation-Token", secret}, `{"name":"X","password":"`+password+`","zone":"UTC"}`
	case "ask-reset":
		s.w.Staff.Post = shredder{}
	case "resetting", "reset":
		p := s.w.hire(s.t, staff.Member, s.in)
		secret, _, _, err := s.w.Staff.MakeReset(context.Background(), staff.Machine(), p.ID)
		s.must(err)
		s.header, s.body = []string{"Reset-Token", secret}, `{"password":"`+password+` anew"}`
	case "account", "change-account", "remove-account", "account-rights", "check-account", "test-account", "see-lost", "stop-account", "resume-account", "arrivals":
		s.of(s.accountOf().String())
	case "retry-arrival", "discard-arrival":
		s.of(s.w.arrival(s.t, s.accountOf()))
	case "try-advice":
		set := advice.Settings{Address: "http://127.0.0.1:1/v1", Model: "m", Timeout: time.Second, Calls: 500, Tokens: 500_000}
		_, err := s.w.Advice.Change(context.Background(), staff.Machine(), set, new(string))
		s.must(err)
	case "try-house-mail":
		_, err := s.w.Mail.Change(context.Background(), staff.Machine(), mail.Settings{On: true, Host: "127.0.0.1", Port: 1, Security: "plain", From: "desk@acme.example"}, new(string))
		s.must(err)
	case "approve", "cancel":
		s.of(s.w.delivery(s.t, s.in, delivery.Held).String())
	case "retry":
		s.of(s.w.delivery(s.t, s.in, delivery.Failed).String())
	case "confirm":
		s.of(s.w.delivery(s.t, s.in, delivery.Unknown).String())
	case "delivery-file":
		d, u := s.w.deliveryWithFile(s.t, s.in)
		s.of(d.String())
		s.path = strings.Replace(r.Path, "{file}", u.String(), 1)
		s.of(d.String())
	case "merge-contact", "apart-contact":
		s.of(s.w.talk(s.t, s.in).contact.String())
		s.body = `{"other":"` + s.w.talk(s.t, s.in).contact.String() + `"}`
	case "undo-merge":
		m, err := s.w.Desk.Merge(context.Background(), staff.Machine(), s.w.talk(s.t, s.in).contact, s.w.talk(s.t, s.in).contact)
		s.must(err)
		s.of(m.ID.String())
	case "split-contact":
		k, o := s.w.talk(s.t, s.in), s.w.talk(s.t, s.in)
		m, err := s.w.Desk.Merge(context.Background(), staff.Machine(), k.contact, o.contact)
		s.must(err)
		s.of(k.contact.String())
		s.body = `{"identity":"` + m.Moved.Identities[0].String() + `"}`
	case "contact", "change-contact", "avatar", "same-contact", "note-consent", "erase-contact", "export-contact":
		s.of(s.w.talk(s.t, s.in).contact.String())
	case "media":
		s.of(s.w.talk(s.t, s.in).media.String())
	case "answer-request", "withdraw-request":
		r, err := s.w.Desk.Ask(context.Background(), staff.Machine(), s.w.talk(s.t, s.in).conversation,
			desk.Asking{Department: s.w.department(s.t, "Marketing"), Text: "what do we say?"})
		s.must(err)
		s.of(r.ID.String())
	case "pass-request", "put-off-request":
		of := s.home
		if !s.own {
			of = s.w.department(s.t, "Marketing")
		}
		r, err := s.w.Desk.Ask(context.Background(), staff.Machine(), s.w.talk(s.t, s.w.department(s.t, "Accounts")).conversation, desk.Asking{Department: of, Text: "what do we say?"})
		s.must(err)
		s.of(r.ID.String())
	case "open-question", "answer-by-link", "pass-by-link", "put-off-by-link":
		token, _ := s.w.link(s.t, s.home, s.w.department(s.t, "Accounts"), desk.Asking{})
		s.header = []string{"Request-Token", token}
	case "asking-way":
		s.path += "?department=" + s.home.String()
	case "change-promise", "keep-promise", "break-promise", "withdraw-promise", "reopen-promise":
		s.promise(r.Name)
	case "candidates":
		s.path += "?conversation=" + s.w.talk(s.t, s.in).conversation.String()
	case "search":
		s.path += "?q=invoice"
	case "try-device", "remove-device":
		s.device()
	case "change-chat", "try-chat", "remove-chat":
		s.of(s.w.chat(s.t).String())
	case "thread":
		k := s.w.talk(s.t, s.in)
		c, err := s.w.Desk.Conversation(context.Background(), staff.Machine(), k.conversation)
		s.must(err)
		s.path += "?account=" + c.Account.String() + "&thread=" + url.QueryEscape(c.Thread)
	case "bulk":
		s.body = `{"do":"tag","tag":"a","items":[{"id":"` + s.w.talk(s.t, s.in).conversation.String() + `"}]}`
	case "change-view", "remove-view":
		s.of(s.view().String())
	case "incident", "take-incident", "end-incident":
		s.of(s.w.incident(s.t, s.in).String())
	case "upload":
		b, kind := file(s.t, "a.txt", []byte("hello"))
		s.body, s.header = string(b), []string{"Content-Type", kind}
	default:
		if strings.HasPrefix(r.Path, "/api/conversations/{id}") {
			s.conversation(r.Name)
		}
	}
	if body, ok := s.bodies()[r.Name]; ok {
		s.body = body
	}
	if s.body == "" && r.Method != "GET" && r.Method != "DELETE" {
		s.body = "{}"
	}
}

// promise makes a promise of a foreign department, and ends it where it is to be taken up again.
func (s *scene) promise(route string) {
	ctx := context.Background()
	p, err := s.w.Desk.MakePromise(ctx, staff.Machine(), s.w.talk(s.t, s.in).conversation, desk.Making{Department: s.w.department(s.t, "Marketing"), Text: "we call"})
	s.must(err)
	if route == "reopen-promise" {
		_, err = s.w.Desk.WithdrawPromise(ctx, staff.Machine(), p.ID, "not needed")
		s.must(err)
	}
	s.of(p.ID.String())
}

func (s *scene) of(id string) { s.path = strings.Replace(s.path, "{id}", id, 1) }

// view is a list of who asks, or one that a foreign department shares.
func (s *scene) view() desk.SavedViewID {
	name, audience := "List "+s.w.unique(), desk.ForMe
	p := s.who.person
	if !s.own || p.ID == 0 || p.Role == staff.Agency {
		p, audience = s.w.hire(s.t, staff.Member, s.in), desk.ForDepartment
	}
	v, err := s.w.Desk.KeepView(context.Background(), p.ActorOf(), desk.SavedViewChange{Name: &name, Audience: &audience, Department: &s.in})
	s.must(err)
	return v.ID
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) person(name string) {
	p := s.who.person
	if !s.own || p.ID == 0 {
		p = s.w.hire(s.t, staff.Member, s.in)
	}
	s.of(p.ID.String())
	if name == "remove-absence" {
		a, err := s.w.Staff.AddAbsence(context.Background(), staff.Machine(), staff.Absence{Person: p.ID, From: s.w.clock.Now(), Until: s.w.clock.Now().AddDate(0, 0, 1)})
		s.must(err)
		s.path = strings.Replace(s.path, "{absence}", a.ID.String(), 1)
	}
}

// An agency learns nothing of who works here, whatever it asks beside conversations.
func TestAnAgencyFindsNobody(t *testing.T) {
	w := newWorld(t)
	in := w.department(t, "Marketing")
	sue := w.hire(t, staff.Member, in)
	agency, member := w.as(t, w.hire(t, staff.Agency, in)), w.as(t, sue)
	for _, path := range []string{"/api/candidates", "/api/candidates?q=member", "/api/candidates?q=invoice",
		"/api/requests/way?person=" + sue.ID.String(), "/api/requests/way?department=" + in.String()} {
		if a := agency.do("GET", path, nil); a.status != 403 {
			t.Errorf("%s: an agency gets %d %s", path, a.status, a.body)
		}
		if a := member.do("GET", path, nil); a.status != 200 {
			t.Errorf("%s: a member gets %d %s", path, a.status, a.body)
		}
	}
}

// rule is the one rule there is, made anew.
func (s *scene) rule() policy.Rule {
	ctx, name, when := context.Background(), "Rule "+s.w.unique(), `says("recall")`
	list, err := s.w.Policy.Rules(ctx, staff.Machine())
	s.must(err)
	for _, r := range list.Rules {
		s.must(s.w.Policy.RemoveRule(ctx, staff.Machine(), r.ID, ""))
	}
	r, err := s.w.Policy.AddRule(ctx, staff.Machine(), policy.RuleChange{Name: &name, Condition: &when, Department: &s.home})
	s.must(err)
	return r
}

// entry is an answer for one department only.
func (s *scene) entry(name string) {
	ctx := context.Background()
	a, err := s.w.Library.Add(ctx, staff.Machine(), library.Content{Department: s.in, For: []staff.DepartmentID{s.in}, Audience: library.Public,
		Texts: []library.Text{{Language: "en", Title: "Title", Body: "Body"}}})
	s.must(err)
	s.of(a.ID.String())
	s.path = strings.Replace(s.path, "{number}", "1", 1)
	if name == "unarchive-answer" {
		_, err = s.w.Library.Archive(ctx, staff.Machine(), a.ID, true)
		s.must(err)
	}
}

func (s *scene) order() { s.body = `{"rules":["` + s.rule().ID.String() + `"]}` }

func (s *scene) key() {
	p := s.who.person
	if !s.own || !staff.Can(p, staff.KeysManage) {
		p = s.w.hire(s.t, staff.Member, s.in)
	}
	k, _, err := s.w.Staff.MakeKey(context.Background(), p.ActorOf(), "k", []staff.Scope{staff.Read})
	s.must(err)
	s.of(k.ID.String())
}

// accountOf is an account, on which who asks has the right to manage it when it is to be their own.
func (s *scene) accountOf() account.ID {
	a := s.w.newAccount(s.t)
	if s.own && s.who.person.ID != 0 {
		s.must(s.w.Book.SetRights(context.Background(), staff.Machine(), a, []account.Right{{Person: s.who.person.ID, Duty: account.Manage}}))
	}
	return a
}

func (s *scene) conversation(name string) {
	k := s.w.talk(s.t, s.in)
	s.of(k.conversation.String())
	ctx := context.Background()
	var err error
	switch name {
	case "translate":
		s.w.Advice.Client = &http.Client{Transport: translator{}}
		set := advice.Settings{On: true, Address: "http://127.0.0.1:1/v1", Model: "m", Timeout: time.Second, Calls: 500, Tokens: 500_000}
		_, err = s.w.Advice.Change(ctx, staff.Machine(), set, new(string))
		s.path = strings.Replace(s.path, "{message}", k.message.String(), 1)
	case "release":
		if s.who.person.ID != 0 {
			_, err = s.w.Desk.Claim(ctx, staff.Actor{Person: s.who.person.ID, Role: staff.Administrator}, k.conversation)
			if !s.own { // in a foreign department somebody else has it
				_, err = s.w.Desk.HandOver(ctx, staff.Machine(), k.conversation, s.in, s.w.hire(s.t, staff.Member, s.in).ID, "")
			}
		}
	case "undo-deed": // who puts a conversation through takes it back, though it is a foreign one then
		to := s.w.department(s.t, "Marketing")
		_, _ = s.w.Desk.HandOver(ctx, s.who.person.ActorOf(), k.conversation, to, 0, "") // not all may
	case "wake":
		_, err = s.w.Desk.Snooze(ctx, staff.Machine(), k.conversation, s.w.clock.Now().AddDate(0, 0, 1))
	case "reopen":
		_, err = s.w.Desk.Close(ctx, staff.Machine(), k.conversation, "")
	case "bring-back":
		_, err = s.w.Desk.SetAside(ctx, staff.Machine(), k.conversation)
	}
	s.must(err)
}

func (s *scene) bodies() map[string]string {
	return map[string]string{
		"sign-in": `{"email":"ada@acme.example","password":"` + password + `"}`, "presence": `{"presence":"away"}`,
		"change-password": `{"current":"` + password + `","next":"a whole new sentence"}`, "demo-enter": `{"person":"` + s.who.person.ID.String() + `"}`,
		"set-up":        `{"administrator":{"name":"E","email":"e@x.example","password":"` + password + `"},"organisation":{"name":"X","publicUrl":"http://x.example","zone":"UTC","locale":"en-GB"},"template":"split"}`,
		"invite":        `{"email":"` + s.w.unique() + `@x.example","name":"X","role":"member","departments":["` + s.home.String() + `"]}`,
		"change-person": `{"name":"New Name"}`, "add-absence": `{"from":"2026-04-03T00:00:00Z","until":"2026-04-04T00:00:00Z"}`,
		"add-department":  `{"name":"Department ` + s.w.unique() + `"}`,
		"change-settings": `{"name":"ACME","publicUrl":"http://desk.example","zone":"UTC","locale":"en-GB"}`,
		"make-key":        `{"name":"k","scopes":["read"]}`, "connect-account": `{"channel":"pretend","name":"","settings":{"token":"t"}}`,
		"check-settings": `{"channel":"pretend","settings":{"token":"t"}}`, "begin-connect": `{"channel":"pretend","name":"","settings":{}}`,
		"change-account": `{"name":"New"}`, "account-rights": `{"items":[{"department":{"id":"` + s.home.String() + `","name":""},"right":"speak"}]}`,
		"undo-deed": `{"do":"handover"}`,
		"reply":     `{"text":"an answer"}`, "translate": `{"to":"en"}`, "write-note": `{"text":"a note"}`, "answer-request": `{"text":"this"}`,
		"ask-several":  `{"to":[{"department":"` + s.w.department(s.t, "Marketing").String() + `"}],"text":"what do we say?"}`,
		"pass-request": `{"department":"` + s.w.department(s.t, "Marketing").String() + `"}`, "put-off-request": `{"until":"` + s.w.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`,
		"answer-by-link": `{"text":"this"}`, "pass-by-link": `{"department":"` + s.w.department(s.t, "Marketing").String() + `"}`, "put-off-by-link": `{"when":"hour"}`,
		"find-promises": `{"text":"We will call you tomorrow."}`, "make-promise": `{"text":"we call back"}`, "change-promise": `{"text":"we write"}`,
		"keep-promise": `{"how":"by telephone"}`, "break-promise": `{"reason":"no time"}`, "withdraw-promise": `{"reason":"not needed"}`,
		"ask": `{"department":"` + s.w.department(s.t, "Marketing").String() + `","text":"what do we say?"}`, "hand-over": `{"department":"` + s.home.String() + `","reason":"theirs"}`,
		"snooze": `{"until":"2026-04-09T00:00:00Z"}`, "answered-elsewhere": `{"how":"by telephone"}`, "tag": `{"tags":["a"]}`, "correct-intent": `{"intent":"billing"}`,
		"correct-urgency": `{"urgency":"now"}`, "correct-language": `{"language":"de"}`, "correct-needs": `{"needs":"courtesy"}`,
		"add-rule":  `{"name":"Rule ` + s.w.unique() + `","form":{"join":"all","conditions":[{"what":"words","values":["recall"]}]},"department":"` + s.home.String() + `"}`,
		"test-rule": `{"form":{"join":"all","conditions":[{"what":"words","values":["invoice"]}]},"department":"` + s.home.String() + `"}`, "change-rule": `{"enabled":false}`,
		"set-map": `{"rows":[{"intent":"sales","department":"` + s.home.String() + `"}],"why":"x"}`, "replay-map": `{"days":1,"rows":[{"intent":"sales","department":"` + s.home.String() + `"}]}`,
		"add-answer": `{"audience":"public","texts":[{"language":"en","title":"x","body":"y"}]}`, "preview-answer": `{"text":"*x*"}`, "rate-answer": `{"thumb":"up"}`,
		"change-answer":   `{"version":1,"department":"` + s.in.String() + `","for":["` + s.in.String() + `"],"audience":"public","texts":[{"language":"en","title":"x","body":"y"}]}`,
		"add-saved-reply": `{"own":true,"shortcut":"` + s.w.unique() + `","name":"x","text":"y"}`, "change-saved-reply": `{"version":1,"own":false,"department":"` + s.in.String() + `","shortcut":"` + s.w.unique() + `","name":"x","text":"y"}`,
		"add-topic": `{"name":"Topic ` + s.w.unique() + `"}`, "change-topic": `{"enabled":false}`, "test-topics": `{"text":"a kettle"}`, "correct-topics": `{"topics":[]}`,
		"change-advice":     `{"on":false,"address":"https://models.example/v1","model":"m","seconds":` + fmt.Sprint(1+s.w.n%60) + `,"calls":0,"tokens":0,"languages":[],"departments":[]}`,
		"change-house-mail": `{"on":false,"host":"mail` + s.w.unique() + `.example","login":"","from":"desk@acme.example","name":""}`,
		"confirm":           `{"sent":true}`, "change-contact": `{"note":"kind"}`,
		"change-notification-settings": `{"kinds":[],"quiet":"off","urgent":false,"digest":"now","words":false}`,
		"add-device":                   `{"endpoint":"https://push.example/` + s.w.unique() + `","p256dh":"` + browserKey + `","auth":"AAAAAAAAAAAAAAAAAAAAAA","name":"Firefox"}`,
		"add-chat":                     `{"name":"#sales","form":"slack","address":"https://chat.example/x","kinds":["queue"]}`, "change-chat": `{"words":true}`,
		"habits": `{"undo":20,"then":"close"}`, "save-draft": `{"kind":"reply","text":"a beginning"}`, "be-here": `{"doing":"writing"}`,
		"check-reply": `{"text":"I only do marketing."}`, "check-links": `{"links":["nonsense"]}`,
		"post":         `{"accounts":["` + s.w.account.String() + `"],"text":"something new"}`,
		"note-consent": `{"purpose":"newsletter","given":true,"proof":"a form"}`, "erase-contact": `{"name":"Kim"}`,
		"import-contacts": `{"data":"` + base64.StdEncoding.EncodeToString([]byte("Name,Email\nKim,kim@x.example\n")) + `","keep":true}`,
		"take-private":    `{"how":"direct","text":"a word","closing":"We have written to you."}`,
		"note-call":       `{"reached":true,"said":"all is well"}`,
		"keep-view":       `{"name":"Late","filter":{"view":"all"}}`, "change-view": `{"name":"Later"}`, "order-views": `{"views":[]}`,
		"ask-reset":     `{"email":"` + s.w.unique() + `@x.example"}`,
		"take-incident": `{"department":"` + s.home.String() + `"}`,
	}
}

// shredder is a post office that writes to nobody.
type shredder struct{}

func (shredder) Ready(context.Context) (bool, error)                             { return true, nil }
func (shredder) Write(context.Context, *store.Tx, staff.Note) error              { return nil }
func (shredder) Shared(context.Context, string) (bool, error)                    { return false, nil }
func (shredder) Recall(context.Context, *store.Tx, staff.NoteKind, string) error { return nil }

// cast is who asks, made once for each letter and anew after a call that ended their session.
type cast map[byte]*caller

func (w *world) scene(t testing.TB, who cast, letter byte, own bool, r api.Route) *scene {
	s := &scene{w: w, t: t, own: own, home: w.department(t, "Sales"), who: &caller{w: w}}
	if role := letters[letter]; role != "" {
		if who[letter] == nil || slices.Contains([]string{"revoke-key", "make-key"}, r.Name) {
			who[letter] = w.as(t, w.hire(t, role, s.home))
		}
		s.who = who[letter]
	}
	s.in = s.home
	switch {
	case r.Name == "change-department" || r.Name == "retire-department" || r.Name == "hand-out":
		s.in = w.newDepartment(t)
		if own && s.who.person.ID != 0 {
			_, err := w.Staff.ChangePerson(context.Background(), staff.Machine(), s.who.person.ID, staff.PersonChange{Departments: &[]staff.DepartmentID{s.home, s.in}})
			s.must(err)
		}
	case !own:
		s.in = w.department(t, "Accounts")
	}
	return s
}

// ending are the routes after which who asked must sign in again.
var ending = []string{"sign-in", "sign-out", "sign-out-everywhere", "change-password", "end-sessions", "join", "reset", "set-up"}

func TestEveryRouteForEveryRoleOnOwnAndForeignThings(t *testing.T) {
	w, all := newWorld(t), cast{}
	for _, r := range w.API.Routes() {
		want, ok := matrix[r.Name]
		if !ok {
			t.Errorf("%s %s (%s) is not in the matrix: say who may use it", r.Method, r.Path, r.Name)
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			who := all
			for _, own := range []bool{true, false} {
				may := want.own
				if !own {
					if may = want.foreign; may == none {
						continue
					}
				}
				for _, letter := range []byte(everybody) {
					allowed(t, w, r, who, letter, own, strings.IndexByte(may, letter) >= 0)
				}
			}
		})
	}
	for name := range matrix {
		if !slices.ContainsFunc(w.API.Routes(), func(r api.Route) bool { return r.Name == name }) {
			t.Errorf("%s is in the matrix, but there is no such route", name)
		}
	}
}

// keyless are the GETs that a key which reads may not use though its person may: they are looked at to write, to hand over or to
// manage, and need what the deed needs.
var keyless = []string{"drafts", "slash", "saved-replies", "proposed-answer", "posts", "asking-way", "candidates", "arrivals", "invitations", "topic-suggestions"}

func TestAKeyThatReadsSeesWhatItsPersonSees(t *testing.T) {
	w, people := newWorld(t), cast{}
	keys := map[byte]string{}
	for _, r := range w.API.Routes() {
		if r.Method != http.MethodGet || r.People || r.Scope != staff.Read || slices.Contains(keyless, r.Name) {
			continue
		}
		for _, letter := range []byte("AMOm") {
			for _, own := range []bool{true, false} {
				s := w.scene(t, people, letter, own, r)
				if keys[letter] == "" {
					_, secret, err := w.Staff.MakeKey(t.Context(), s.who.person.ActorOf(), "k", []staff.Scope{staff.Read})
					s.must(err)
					keys[letter] = secret
				}
				s.play(r)
				person := s.who.do(r.Method, s.path, nil, s.header...)
				key := (&caller{w: w, key: keys[letter]}).do(r.Method, s.path, nil, s.header...)
				if key.status != person.status {
					t.Errorf("%s, own %v: GET %s: %d, by a key that reads %d %s", letters[letter], own, s.path, person.status, key.status, key.body)
				}
			}
		}
	}
}

func allowed(t *testing.T, w *world, r api.Route, who cast, letter byte, own, may bool) {
	t.Helper()
	wrong := ""
	for range 2 { // a node renews its lease once a minute: what was written while we looked is looked at again
		if wrong = allowedOnce(t, w, r, who, letter, own, may); !strings.HasPrefix(wrong, "changed") {
			break
		}
	}
	if wrong != "" {
		t.Error(wrong)
	}
	if r.Name == "stop" && may {
		if err := w.Book.ResumeAll(context.Background(), staff.Machine()); err != nil {
			t.Fatal(err)
		}
	}
}

// allowedOnce makes one call and says what is wrong with its answer, if something is.
func allowedOnce(t *testing.T, w *world, r api.Route, who cast, letter byte, own, may bool) string {
	t.Helper()
	s := w.scene(t, who, letter, own, r)
	s.play(r)
	before := w.writes(t)
	a := s.who.do(r.Method, s.path, []byte(s.body), s.header...)
	if slices.Contains(ending, r.Name) {
		delete(who, letter)
	}
	what := fmt.Sprintf("%s, own %v: %s %s: %d %s", cmp.Or(string(letters[letter]), "nobody"), own, r.Method, s.path, a.status, a.body)
	switch {
	case may && (a.status < 200 || a.status > 303):
		return "refused: " + what
	case !may && letter == 'n' && !r.Open && a.status != 401:
		return "not 401: " + what
	case !may && a.status != 401 && a.status != 403 && a.status != 404 && a.status != 409:
		return "allowed: " + what
	case !may:
		after := w.writes(t)
		if after.version != before.version && after.beat != before.beat { // the node renewed its number
			return allowedOnce(t, w, r, who, letter, own, may)
		}
		if after.version != before.version {
			return "changed something, though refused: " + what
		}
	}
	return ""
}
