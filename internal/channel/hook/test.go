package hook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"switchboard/internal/channel"
)

// test is what a bridge that says it takes tests is sent to see whether it takes what we say. It holds no words: there is nothing in
// it to publish.
type test struct {
	Type    string  `json:"type"` // test
	Key     string  `json:"key"`
	Private bool    `json:"private"` // always
	At      instant `json:"at"`
}

// Test posts a signed test to the callback address. The bridge says that it took it, and publishes nothing.
func (t talk) Test(ctx context.Context, key string) (channel.Tested, error) {
	body, err := json.Marshal(test{"test", key, true, instant{t.now().UTC()}})
	if err != nil {
		return channel.Tested{}, err
	}
	if _, err := t.call(ctx, http.MethodPost, t.callback, key, body); err != nil {
		return channel.Tested{}, untestable(err)
	}
	return channel.Tested{RemoteID: key, Gone: true, Said: "A signed test was posted to your bridge at " + t.callback.Host + ".",
		Seen: "It answered that it took it, and has nothing to publish."}, nil
}

// untestable is err where a bridge answers that it knows no tests: that says nothing of the answers it takes.
func untestable(err error) error {
	var s status
	tr := channel.TroubleOf(err)
	if !errors.As(err, &s) || tr.Unclear || tr.Deed == channel.Wait {
		return err
	}
	switch s {
	case http.StatusUnauthorized, http.StatusForbidden:
		return err
	}
	return refusal(channel.Fix, fmt.Sprintf("your bridge at the callback address was reached and does not take a test (status %d): let it answer what is of type \"test\" with 200, "+
		"or check the callback address", int(s)), err)
}
