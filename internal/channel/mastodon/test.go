package mastodon

import (
	"context"
	"net/http"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// testWords name nobody: whoever is named in a direct post gets to read it.
const testWords = "A test by Switchboard, which nobody but this account can see. It is deleted at once. "

// Test posts what only we ourselves can see, reads it and deletes it.
func (c *conn) Test(ctx context.Context, key string) (channel.Tested, error) {
	_, in, err := c.myself(ctx)
	if err != nil {
		return channel.Tested{}, certain(err)
	}
	p := post{Status: testWords + key, Visibility: "direct", Language: "en"}
	if !in.proper() {
		p.ContentType = "text/plain"
	}
	k := call{lane: sending, method: http.MethodPost, path: "/api/v1/statuses", body: p,
		header: http.Header{"Idempotency-Key": {"switchboard-test-" + key}}}
	a, err := c.do(ctx, k)
	if err != nil {
		return channel.Tested{}, err
	}
	var s status
	if err := k.decode(a, &s); err != nil {
		return channel.Tested{}, err
	}
	if s.ID == "" {
		return channel.Tested{}, odd(k, errNoID)
	}
	out := channel.Tested{RemoteID: string(s.ID), Said: "A post that names nobody, which only the account itself can see, was taken by " + in.Domain + "."}
	again, why := c.status(ctx, out.RemoteID)
	shown := s
	if why == nil {
		shown = *again
	}
	left := c.remove(ctx, &s)
	if shown.Visibility != "direct" || len(shown.Mentions) > 0 {
		t := &channel.Trouble{Deed: channel.Fix, Message: "the server showed the test to others, as " + clean(shown.Visibility) + "; it was deleted at once: tell the server's administrator"}
		if left != "" {
			t.Message = "the server shows the test to others, as " + clean(shown.Visibility) + ". " + left
		}
		return out, t
	}
	switch {
	case why != nil:
		out.Note = "It could not be read back: " + because(ctx, why) + "."
	case !strings.Contains(plain(again.Content, nil), key):
		out.Note = "It was read back, and says something else than was posted."
	default:
		out.Seen = "It was read back from there."
	}
	out.Gone = left == ""
	if !out.Gone {
		out.Note = strings.TrimSpace(out.Note + " " + left)
	}
	return out, nil
}

// remove deletes a status of ours; what it returns says that it is still there.
func (c *conn) remove(ctx context.Context, s *status) (left string) {
	a, err := c.do(ctx, call{lane: removing, method: http.MethodDelete, path: "/api/v1/statuses/" + esc(string(s.ID))})
	if err == nil || is404(a) {
		return ""
	}
	return "It could not be deleted (" + because(ctx, err) + "): delete it by hand at " + clean(s.URL) + "."
}

// because is why a step of a test failed, which nobody tries again.
func because(ctx context.Context, err error) string {
	if egress.Ask(ctx) != nil {
		return "the account was stopped meanwhile"
	}
	why, _, _ := strings.Cut(channel.TroubleOf(err).Message, "; it is tried again")
	return why
}
