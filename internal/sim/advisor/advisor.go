// Package advisor is a stand-in for a language model behind a chat-completions interface. It sorts messages by words it was
// taught, records what it was asked, and misbehaves on demand in the ways real ones do: far.Faults spoil the connection, a
// Manner what is said.
package advisor

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"switchboard/internal/sim/far"
)

// Manner is how a model speaks.
type Manner string

const (
	Well              Manner = ""                   // keeps to what it is asked
	Prose             Manner = "prose"              // a sentence in place of JSON
	Fenced            Manner = "fenced"             // the right JSON, within a fence of backquotes
	WrongSchema       Manner = "wrong schema"       // JSON of another shape
	UnknownDepartment Manner = "unknown department" // one that was not offered
	TooMany           Manner = "too many"           // all departments
	Obeys             Manner = "obeys"              // says what the message orders after “reply with:”, word for word
	CutOff            Manner = "cut off"            // stops at the longest answer allowed
	Empty             Manner = "empty"              // no choices
	Deep              Manner = "deep"               // ten thousand brackets
	NoSchemas         Manner = "no schemas"         // refuses schemas with 400, and is well otherwise
	Redirects         Manner = "redirects"          // sends us on to To
	Lies              Manner = "lies"               // well formed, and always the last department, urgent
)

// Manners lists them but the ones that end well.
func Manners() []Manner {
	return []Manner{Prose, Fenced, WrongSchema, UnknownDepartment, TooMany, Obeys, CutOff, Empty, Deep, Redirects}
}

// Lesson is a word and what a message with it is about.
type Lesson struct {
	Word, Department, Intent string
}

// Model is a language model. The zero Model knows nothing and is well; several goroutines may use it.
type Model struct {
	Key    string // wanted as a bearer token, "" if none is
	Knows  []Lesson
	To     string // where it redirects
	Faults far.Faults

	mu     sync.Mutex
	manner Manner
	asked  []string
}

// Be makes it speak in a manner from now on.
func (m *Model) Be(manner Manner) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.manner = manner
}

// Asked returns the bodies of the calls it got, oldest first.
func (m *Model) Asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

// Handler is its interface.
func (m *Model) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", m.complete)
	return m.Faults.Middleware(mux)
}

type call struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Format struct {
		Type string `json:"type"`
	} `json:"response_format"`
}

type department struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

func (m *Model) complete(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.asked = append(m.asked, string(body))
	manner := m.manner
	m.mu.Unlock()
	var c call
	switch {
	case m.Key != "" && r.Header.Get("Authorization") != "Bearer "+m.Key:
		http.Error(w, `{"error":{"message":"Incorrect API key provided: `+r.Header.Get("Authorization")+`"}}`, http.StatusUnauthorized)
		return
	case json.Unmarshal(body, &c) != nil || c.Model == "" || len(c.Messages) != 2:
		http.Error(w, `{"error":{"message":"bad request"}}`, http.StatusBadRequest)
		return
	case manner == NoSchemas && c.Format.Type == "json_schema":
		http.Error(w, `{"error":{"message":"response_format json_schema is not supported"}}`, http.StatusBadRequest)
		return
	case manner == Redirects:
		http.Redirect(w, r, m.To, http.StatusTemporaryRedirect)
		return
	}
	said, finish := m.say(c, manner), "stop"
	if manner == CutOff {
		finish = "length"
	}
	answer := map[string]any{"id": "chatcmpl-1", "object": "chat.completion", "model": c.Model, "usage": map[string]int{"total_tokens": (len(body) + len(said)) / 4},
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": map[string]string{"role": "assistant", "content": said}}}}
	if manner == Empty {
		answer["choices"] = []any{}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// say is what it says of a message.
func (m *Model) say(c call, manner Manner) string {
	if strings.HasPrefix(c.Messages[0].Content, "You translate") {
		return m.translate(message(c.Messages[1].Content), manner)
	}
	all := offered(c.Messages[0].Content)
	switch manner {
	case Prose:
		return "Sure! I think this should go to Billing."
	case WrongSchema:
		return `{"department":"d1","confidence":0.9,"action":"close"}`
	case UnknownDepartment:
		return sorted("billing", []string{"root"}, "must", "today")
	case TooMany:
		var keys []string
		for _, d := range all {
			keys = append(keys, d.Key)
		}
		return sorted("billing", keys, "must", "today")
	case Lies:
		return sorted("spam", []string{all[len(all)-1].Key}, "none", "now")
	case Deep:
		return strings.Repeat(`{"intent":`, 10_000)
	case Obeys:
		if _, what, ok := strings.Cut(message(c.Messages[1].Content), "reply with:"); ok {
			return strings.TrimSpace(what)
		}
	}
	said := m.sort(message(c.Messages[1].Content), all)
	if manner == Fenced {
		said = "```json\n" + said + "\n```"
	}
	return said
}

// translate turns every letter into a capital, which is as good a language as any.
func (m *Model) translate(text string, manner Manner) string {
	b, _ := json.Marshal(map[string]string{"translation": strings.ToUpper(strings.TrimSpace(text))})
	said := string(b)
	switch manner {
	case Prose:
		return "Sure! It says: " + text
	case WrongSchema:
		return `{"translation":["x"],"confidence":0.9}`
	case Fenced:
		return "```json\n" + said + "\n```"
	case Deep:
		return strings.Repeat(`{"translation":`, 10_000)
	case TooMany, Lies:
		return `{"translation":"` + strings.Repeat("word ", 2000+len(text)) + `"}`
	case UnknownDepartment:
		return `{"translation":""}`
	case Obeys:
		if _, what, ok := strings.Cut(text, "reply with:"); ok {
			return strings.TrimSpace(what)
		}
	}
	return said
}

func (m *Model) sort(text string, all []department) string {
	intent, keys := "other", []string{}
	for _, l := range m.Knows {
		if !strings.Contains(strings.ToLower(text), l.Word) {
			continue
		}
		intent = l.Intent
		for _, d := range all {
			if d.Name == l.Department && !slices.Contains(keys, d.Key) {
				keys = append(keys, d.Key)
			}
		}
	}
	return sorted(intent, keys[:min(3, len(keys))], "must", "today")
}

func sorted(intent string, departments []string, needs, urgency string) string {
	b, _ := json.Marshal(map[string]any{"intent": intent, "departments": departments, "needs": needs, "urgency": urgency})
	return string(b)
}

// offered reads the departments out of the order.
func offered(order string) (list []department) {
	if k := strings.LastIndex(order, "The departments: "); k >= 0 {
		_ = json.Unmarshal([]byte(order[k+len("The departments: "):]), &list)
	}
	return list
}

// message reads the message out of the turn it comes in.
func message(turn string) string {
	var in struct {
		Message struct{ Subject, Text string }
	}
	_ = json.Unmarshal([]byte(turn), &in)
	return in.Message.Subject + "\n" + in.Message.Text
}
