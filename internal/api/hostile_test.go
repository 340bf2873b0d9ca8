package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/api"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

// notOne are fields that hold an id but name nothing to act on.
var notOne = map[string]string{
	"take-private seen": "as with an answer",
	"reply seen":        "it is only compared: what is newer than this has been seen or not",
	"reply ccFor":       "it is only compared: with cc, another message than the one that is answered is refused",
	"save-draft ccFor":  "it is kept for the reply, which compares it",
	"bulk items[].id":   "what does not exist is told in its own line, and the others are done",
}

func TestForeignIDsInEveryFieldAreRefusedAndChangeNothing(t *testing.T) {
	w, who := newWorld(t), cast{}
	foreign := func() string { return id.Of[int](w.Store.IDs.Next()).String() }
	for _, r := range w.API.Routes() {
		for _, field := range r.IDs {
			if notOne[r.Name+" "+field] != "" {
				continue
			}
			for what, value := range map[string]string{"of nothing": foreign(), "of another kind of thing": w.account.String()} {
				if (field == "account" || field == "filter.account" || field == "accounts[]") && what != "of nothing" {
					continue // it is of that kind
				}
				s := w.scene(t, who, 'A', true, r)
				s.play(r)
				var doc any
				if err := json.Unmarshal([]byte(s.body), &doc); err != nil {
					t.Fatal(err)
				}
				body, err := json.Marshal(put(doc, strings.Split(field, "."), value))
				if err != nil {
					t.Fatal(err)
				}
				wrote := w.wrote(t, func() {
					if a := s.who.do(r.Method, s.path, body, s.header...); a.status != 404 && a.status != 409 && a.status != 422 {
						t.Errorf("%s: %s is the id %s: %d %s", r.Name, field, what, a.status, a.body)
					}
				})
				if wrote {
					t.Errorf("%s: %s is the id %s: refused, but something changed", r.Name, field, what)
				}
			}
		}
	}
}

// put is doc with value at a place: "items[].person.id".
func put(doc any, at []string, value any) any {
	if len(at) == 0 {
		return value
	}
	name, list := strings.CutSuffix(at[0], "[]")
	m, ok := doc.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	if !list {
		if len(at) == 1 {
			m[name] = value
		} else {
			m[name] = put(m[name], at[1:], value)
		}
		return m
	}
	var first any
	if l, ok := m[name].([]any); ok && len(l) > 0 {
		first = l[0]
		if o, ok := first.(map[string]any); ok && len(at) > 1 { // a right names one of person and department
			delete(o, "department")
			delete(o, "person")
			if at[1] == "department" || at[1] == "person" {
				o[at[1]] = map[string]any{"id": "", "name": ""}
			}
		}
	}
	m[name] = []any{put(first, at[1:], value)}
	return m
}

// described is the OpenAPI document, as far as these tests read it.
type described struct {
	Paths map[string]map[string]struct {
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
	Components struct{ Schemas map[string]map[string]any }
}

func describe(t testing.TB, w *world) (d described) {
	t.Helper()
	b, err := w.API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// fields are the properties of a route's body by name; ok is false when it takes no JSON.
func (d described) fields(r api.Route) (map[string]any, bool) {
	c, ok := d.Paths[r.Path][strings.ToLower(r.Method)].RequestBody.Content["application/json"]
	if !ok {
		return nil, false
	}
	s := c.Schema
	if ref, ok := s["$ref"].(string); ok {
		s = d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	fields, _ := s["properties"].(map[string]any)
	return fields, true
}

func TestNoColumnCanBeWrittenThatIsNotListed(t *testing.T) {
	w, who := newWorld(t), cast{}
	d := describe(t, w)
	var names []string
	for _, c := range w.columns(t) {
		names = append(names, c, camel(c))
	}
	names = append(names, "status", "approved", "author", "admin", "isAdmin", "company", "createdAt", "$schema", "__proto__", "constructor")
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 100 {
		t.Fatalf("only %d columns", len(names))
	}
	for _, r := range w.API.Routes() {
		fields, ok := d.fields(r)
		if !ok {
			continue
		}
		s := w.scene(t, who, 'A', true, r)
		s.play(r)
		wrote := w.wrote(t, func() {
			for _, name := range names {
				if slices.ContainsFunc(slices.Collect(maps.Keys(fields)), func(f string) bool { return strings.EqualFold(f, name) }) {
					continue
				}
				w.clock.Add(7 * time.Second)
				var doc map[string]any
				if err := json.Unmarshal([]byte(s.body), &doc); err != nil {
					t.Fatal(err)
				}
				doc[name] = 1
				body, err := json.Marshal(doc)
				if err != nil {
					t.Fatal(err)
				}
				if a := s.who.do(r.Method, s.path, body, s.header...); a.status != 422 {
					t.Errorf("%s with %q: %d %s", r.Name, name, a.status, a.body)
				}
			}
		})
		if wrote {
			t.Errorf("%s: an unknown field was refused, but something changed", r.Name)
		}
		if slices.Contains(ending, r.Name) {
			delete(who, 'A')
		}
	}
}

func camel(s string) string {
	parts := strings.Split(s, "_")
	for k := 1; k < len(parts); k++ {
		parts[k] = strings.ToUpper(parts[k][:1]) + parts[k][1:]
	}
	return strings.Join(parts, "")
}

// odd are values that no field expects.
var odd = []string{`null`, `true`, `0`, `-1`, `1.5`, `1e308`, `99999999999999999999`, `""`, `"x"`, `"7zzzzzzzzzzzz"`, `"-0000000000001"`, `[]`, `[[]]`, `[null]`, `["x"]`, `{}`, `{"a":{"b":[1]}}`,
	`"\ud800"`, `"\u202eabc"`, `"2026-13-45T99:99:99Z"`, `"9999-12-31T23:59:59Z"`, `"0000-01-01T00:00:00Z"`, `"javascript:alert(1)"`, `"../../etc/passwd"`, `"' OR 1=1 --"`, `"%00"`, `"Ā́̂̃"`}

func TestRandomBytesAndOddJSONNeverBreakARoute(t *testing.T) {
	step := 9 // each value meets some fields of each route; at full size all
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		step = 1
	}
	t.Run("sqlite", func(t *testing.T) { oddities(t, newWorld(t), step) })
	t.Run("postgres", func(t *testing.T) { oddities(t, worldOn(t, storetest.Postgres(t)), step) })
}

// oddities tries every step-th odd value in each field.
func oddities(t *testing.T, w *world, step int) {
	who := cast{}
	d := describe(t, w)
	random := rand.New(rand.NewPCG(1, 2))
	try := func(r api.Route, s *scene, body []byte) {
		w.clock.Add(7 * time.Second)
		if a := s.who.do(r.Method, s.path, body, s.header...); a.status >= 500 || a.status < 200 {
			t.Errorf("%s %s with %.200q: %d %s", r.Method, s.path, body, a.status, a.body)
		}
	}
	for _, r := range w.API.Routes() {
		if r.Name == "live" {
			continue
		}
		again := func() *scene {
			s := w.scene(t, who, 'A', true, r)
			s.play(r)
			return s
		}
		s := again()
		oddAddresses(r, d, s, random, try)
		if r.Method == "GET" {
			continue
		}
		s = again()
		for _, body := range [][]byte{nil, []byte("null"), []byte("[]"), []byte(`"x"`), []byte("{"), bytes.Repeat([]byte("["), 1_000_000), []byte(`{"a":1,"a":2}`), {0xff, 0xfe, 0}, randomBytes(random, 2000)} {
			try(r, s, body)
		}
		fields, _ := d.fields(r)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			for k, value := range odd {
				if (k+len(name))%step != 0 {
					continue
				}
				var doc map[string]json.RawMessage
				if json.Unmarshal([]byte(s.body), &doc) != nil {
					continue
				}
				doc[name] = json.RawMessage(value)
				body, err := json.Marshal(doc)
				if err != nil {
					t.Fatal(err)
				}
				try(r, s, body)
				if slices.Contains(ending, r.Name) || r.Name == "change-person" {
					delete(who, 'A')
					s = again()
				}
			}
		}
		delete(who, 'A')
	}
}

// oddAddresses puts odd things in the place of ids and questions.
func oddAddresses(r api.Route, d described, s *scene, random *rand.Rand, try func(api.Route, *scene, []byte)) {
	path := s.path
	for _, o := range []string{"x", "7zzzzzzzzzzzz", "0000000000000", "%00", "%ff", "..%2f..", strings.Repeat("a", 3000), "%F0%9F%98%80", fmt.Sprintf("%x", random.Uint64())} {
		if strings.Contains(r.Path, "{") {
			s.path = strings.NewReplacer("{id}", o, "{absence}", o, "{file}", o).Replace(r.Path)
			try(r, s, []byte(s.body))
		}
	}
	for _, p := range d.Paths[r.Path][strings.ToLower(r.Method)].Parameters {
		if p.In != "query" {
			continue
		}
		for _, o := range []string{"", "x", "-1", "0", "99999999999999999999", "%00", "%ff%fe", "7zzzzzzzzzzzz", "%27+OR+1%3D1--", "%22", "%22%22%22*", "a*b*%22", strings.Repeat("w+", 400), "%E2%80%AE"} {
			base, _, _ := strings.Cut(path, "?")
			s.path = base + "?" + p.Name + "=" + o
			try(r, s, []byte(s.body))
		}
	}
	s.path = path
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for k := range b {
		b[k] = byte(r.Uint32())
	}
	return b
}

func TestNobodyElsesFileCanBeSent(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob, eve := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Member, sales))
	b, kind := file(t, "../../etc/secret.txt", []byte("bob's own"))
	var up struct{ ID, Name string }
	a := bob.do("POST", "/api/uploads", b, "Content-Type", kind)
	if err := json.Unmarshal(a.body, &up); err != nil || a.status != 200 || up.Name != "secret.txt" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	path := "/api/conversations/" + w.talk(t, sales).conversation.String() + "/reply"
	body := []byte(`{"text":"see the file","media":["` + up.ID + `"]}`)
	if a := eve.do("POST", path, body); a.status < 400 {
		t.Errorf("eve sends bob's file: %d", a.status)
	}
	if a := bob.do("POST", path, body); a.status != 200 {
		t.Errorf("bob sends his file: %d %s", a.status, a.body)
	}
}
