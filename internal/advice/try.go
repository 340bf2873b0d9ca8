package advice

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// The sample that Try sends. It holds one of everything that must not leave.
const (
	sampleSubject = "Charged twice for order 4711-338812"
	sampleName    = "Jane Roe"
	sampleText    = `Hello, this is Jane Roe. You charged my card 4111 1111 1111 1111 twice for the same invoice, 2 x 49.90.
Please send the money back to GB29 NWBK 6016 1331 9268 19 and write to jane.roe@example.com or call +44 20 7946 0958.
I asked @acme_help yesterday: https://shop.example/returns?order=338812&mail=jane.roe@example.com
Jane`
)

// Sample is the message that Try sends, as somebody would have written it.
func Sample() string { return sampleSubject + "\n\n" + sampleText }

// Trial is what a try showed.
type Trial struct {
	Left    string        // the body of the call, word for word, laid out to be read
	Status  int           // of HTTP; 0: no answer came
	Came    string        // what came back, at most 4,000 characters of it; the key never
	Took    time.Duration // to the end of the answer
	Trouble string        // why there is no answer, "" if there is
	Answer  *Answer       // what was understood; nil: nothing
	Offer   Offer         // what could be answered
}

// Try sends the sample to the model that is set, on or off, and shows what left and what came back. It is a call of the
// day's budget, and changes nothing else.
func (a *Advice) Try(ctx context.Context, who staff.Actor) (t Trial, err error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return t, err
	}
	k, err := settings(ctx, a.Store.Read())
	if err != nil {
		return t, err
	}
	if k.Address == "" || k.Model == "" {
		return t, fault.New(fault.Invalid, "name an address and a model first, and save them")
	}
	key, err := a.key(k)
	if err != nil {
		return t, fault.Wrap(fault.Invalid, "the key cannot be read: enter it again", err)
	}
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return t, err
	}
	t.Offer = offer(r, k.Departments)
	told := tell(sampleSubject, sampleText, "en", []string{sampleName})
	x, err := a.ask(ctx, k.Settings, key, func(f form) []byte { return body(k.Model, t.Offer, told, f) })
	t.Left, t.Status, t.Came, t.Took = laidOut(x.left), x.status, letters.First(plain(string(x.came)), 4000), x.took
	var failed *failure
	switch {
	case errors.As(err, &failed):
		t.Trouble = failed.why
	case err != nil:
		return t, err
	default:
		said, err := Parse(x.said, t.Offer)
		if err != nil {
			t.Trouble = "it does not keep to what it was asked: " + err.Error()
		} else {
			t.Answer = &said
		}
	}
	return t, a.spend(ctx, x.tokens)
}

// spend counts the tokens of a try.
func (a *Advice) spend(ctx context.Context, tokens int64) error {
	day, err := a.day(ctx)
	if err != nil {
		return err
	}
	return a.Store.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error { return addToDay(ctx, tx, day, Day{Tokens: tokens}) })
}

func laidOut(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return string(body)
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return string(body)
	}
	return string(b)
}
