package advice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"switchboard/internal/staff"
)

// Answer is what a model thinks of a message, in the house's own words alone.
type Answer struct {
	Intent      string
	Departments []staff.DepartmentID // at most three, the likeliest first
	Needs       string               // must, courtesy, none
	Urgency     string               // now, today, normal
}

// Parse reads what a model said. Anything but one JSON object of the four members asked for, with values that were offered,
// is no answer, and the error says why without quoting it.
func Parse(said string, o Offer) (a Answer, err error) {
	var raw map[string]json.RawMessage
	if err := whole([]byte(said), &raw); err != nil || raw == nil {
		return a, errors.New("what it said is not one JSON object")
	}
	if len(raw) != 4 {
		return a, fmt.Errorf("what it said has %d members in place of four", len(raw))
	}
	if a.Intent, err = choice(raw, "intent", o.Intents); err != nil {
		return Answer{}, err
	}
	if a.Needs, err = choice(raw, "needs", needs); err != nil {
		return Answer{}, err
	}
	if a.Urgency, err = choice(raw, "urgency", urgencies); err != nil {
		return Answer{}, err
	}
	if a.Departments, err = departments(raw["departments"], o); err != nil {
		return Answer{}, err
	}
	return a, nil
}

// whole decodes b into v if b is one JSON value and nothing more.
func whole(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows")
	}
	return nil
}

func choice(raw map[string]json.RawMessage, name string, of []string) (string, error) {
	var s *string
	if json.Unmarshal(raw[name], &s) != nil || s == nil || !slices.Contains(of, *s) {
		return "", fmt.Errorf("its %s is none that was offered", name)
	}
	return *s, nil
}

func departments(raw json.RawMessage, o Offer) (out []staff.DepartmentID, err error) {
	var keys []string
	if json.Unmarshal(raw, &keys) != nil || keys == nil || len(keys) > mostAnswered {
		return nil, errors.New("its departments are no list of at most three")
	}
	for _, key := range keys {
		k := slices.IndexFunc(o.Departments, func(d Offered) bool { return d.Key == key })
		if k < 0 {
			return nil, errors.New("it names a department that was not offered")
		}
		if id := o.Departments[k].ID; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// completion is what of a chat completion is looked at.
type completion struct {
	Choices []struct {
		Message struct {
			Content *string `json:"content"`
		} `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage struct {
		Total int64 `json:"total_tokens"`
	} `json:"usage"`
}

// spoken is what a completion says, and how many tokens it says it took. A model that was cut off said nothing.
func spoken(b []byte) (said string, tokens int64, err error) {
	var c completion
	if whole(b, &c) != nil {
		return "", 0, errors.New("its answer is not JSON")
	}
	switch {
	case len(c.Choices) == 0 || c.Choices[0].Message.Content == nil || *c.Choices[0].Message.Content == "":
		err = errors.New("its answer holds no words")
	case c.Choices[0].FinishReason == "length":
		err = errors.New("its answer was cut off")
	default:
		said = *c.Choices[0].Message.Content
	}
	return said, c.Usage.Total, err
}
