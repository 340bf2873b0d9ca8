package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

const (
	eventsMost = 1000
	bodyMost   = 5 << 20
)

// Hear checks a bridge's call and reads its events.
//
// A call that comes again with the same id and body is read again: we cannot know here whether its first coming was stored
// before the answer was lost, and the store drops what it has. The same id with another body is refused.
func (c *conn) Hear(_ context.Context, call channel.Call) ([]channel.Event, channel.Answer, error) {
	if call.Method != http.MethodPost {
		return nil, channel.Answer{}, fault.New(fault.Invalid, "send events with POST")
	}
	if len(call.Body) > bodyMost {
		return nil, channel.Answer{}, fault.Newf(fault.Invalid, "the body is larger than %d MB: send fewer events at a time", bodyMost>>20)
	}
	now := call.At
	if now.IsZero() {
		now = c.now()
	}
	if len(call.Header.Values(keyHeader)) > 0 {
		return nil, channel.Answer{}, fault.New(fault.Forbidden, "this is a call of ours: the callback address must not lead back to us")
	}
	id, err := verify(c.s.Secret, call.Header, call.Body, now)
	if err != nil {
		return nil, channel.Answer{}, err
	}
	events, err := c.read(call.Body, now.UTC())
	if err != nil {
		return nil, channel.Answer{}, err
	}
	if c.seen.other(id, call.Body, now) {
		return nil, channel.Answer{}, fault.New(fault.Forbidden, "this "+idHeader+" was used for another body: give each call an id of its own, and a repeated call the same body")
	}
	body := fmt.Appendf(nil, "{\"accepted\":%d}\n", len(events))
	return events, channel.Answer{Status: http.StatusOK, Type: "application/json", Body: body}, nil
}

// strictly decodes JSON into v; a field it does not know is an error that names it. where says which part it is.
func strictly(data []byte, v any, where string) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the JSON")
		}
	}
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Invalid, where+": "+words(err), err)
}

// words says what is wrong with JSON without speaking Go.
func words(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("the field %q must not be %s", kind.Field, sort(kind.Value))
	case errors.As(err, &kind):
		return sort(kind.Value) + " is not what belongs here"
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "this is not JSON, or not all of it"
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if name, ok := strings.CutPrefix(text, "unknown field "); ok {
		return "there is no field " + name
	}
	if strings.HasPrefix(text, "parsing time") || strings.HasPrefix(text, "Time.UnmarshalJSON") {
		return `a time must look like "2026-11-21T10:30:00Z"`
	}
	return text
}

// sort is a sort of JSON value in plain words.
func sort(value string) string {
	name, _, _ := strings.Cut(value, " ")
	if plain, ok := map[string]string{"array": "a list", "object": "an object", "string": "a text", "bool": "true or false"}[name]; ok {
		return plain
	}
	return "a " + value
}

// read reads a body whose signature was found good.
func (c *conn) read(body []byte, now time.Time) ([]channel.Event, error) {
	var whole struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := strictly(body, &whole, "the body"); err != nil {
		return nil, err
	}
	if whole.Events == nil {
		return nil, fault.In("events", `the body must be {"events": […]}`)
	}
	if len(whole.Events) > eventsMost {
		return nil, fault.Newf(fault.Invalid, "events: at most %d in a call; send the rest in the next", eventsMost)
	}
	events := make([]channel.Event, 0, len(whole.Events))
	for k, raw := range whole.Events {
		where := fmt.Sprintf("events[%d]", k)
		var e event
		if err := strictly(raw, &e, where); err != nil {
			return nil, err
		}
		out, err := e.event(c.me(), now)
		if err != nil {
			return nil, fault.New(fault.Invalid, where+": "+err.Error())
		}
		out.Raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
		events = append(events, out)
	}
	return events, nil
}

// me is the company at the far side: who says what is said by ourselves.
func (c *conn) me() channel.Identity {
	return channel.Identity{RemoteID: "hook:" + c.s.Name, Handle: c.s.Name, Name: c.s.Name}
}
