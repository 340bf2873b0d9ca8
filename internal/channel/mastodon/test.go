package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"switchboard/internal/channel"
)

// testWords name nobody: whoever is named in a direct post gets to read it.
const testWords = "A test by Switchboard, which nobody but this account can see. It is deleted at once. "

// Test posts what only we ourselves can see, reads it and deletes it.
func (c *conn) Test(ctx context.Context, key string) (channel.Tested, error) {
	me, in, err := c.myself(ctx)
	if err != nil {
		return channel.Tested{}, certain(err)
	}
	p := post{Status: testWords + key, Visibility: "direct", Language: "en"}
	if !in.proper() {
		p.ContentType = "text/plain"
	}
	s, err := c.postTest(ctx, p, key)
	if err != nil && channel.TroubleOf(err).Unclear {
		var left string
		if s, left = c.lostTest(ctx, me, key); s == nil {
			return channel.Tested{Note: left}, err
		}
	} else if err != nil {
		return channel.Tested{}, err
	}
	out := channel.Tested{RemoteID: string(s.ID), Said: "A post that names nobody, which only the account itself can see, was taken by " + in.Domain + "."}
	again, why := c.status(ctx, out.RemoteID)
	shown := s
	if why == nil {
		shown = again
	}
	left := c.remove(ctx, s)
	if shown.Visibility != "direct" || len(shown.Mentions) > 0 {
		t := &channel.Trouble{Deed: channel.Fix, Message: "the server showed the test to others, as " + clean(shown.Visibility) + "; it was deleted at once: tell the server's administrator"}
		if left != "" {
			t.Message = "the server shows the test to others, as " + clean(shown.Visibility) + ". " + left
		}
		return out, t
	}
	switch {
	case why != nil:
		out.Note = "It could not be read back: " + channel.Because(why) + "."
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

// postTest posts a test.
func (c *conn) postTest(ctx context.Context, p post, key string) (*status, error) {
	k := call{lane: sending, method: http.MethodPost, path: "/api/v1/statuses", body: p,
		header: http.Header{"Idempotency-Key": {"switchboard-test-" + key}}}
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	var s status
	if err := k.decode(a, &s); err != nil {
		return nil, err
	}
	if s.ID == "" {
		return nil, odd(k, errNoID)
	}
	return &s, nil
}

// lostTest looks for a test whose answer was lost among our own statuses, twice, for the server may still be at it. Not every server
// lists there what names nobody, so that it is not found does not show that it is not there: left says what to do then.
func (c *conn) lostTest(ctx context.Context, me *account, key string) (s *status, left string) {
	ctx, stop := channel.Tidying(ctx)
	defer stop()
	s, err := c.listedTest(ctx, me, key)
	if err == nil && s == nil {
		if err = sleep(ctx, c.settle); err == nil {
			s, err = c.listedTest(ctx, me, key)
		}
	}
	switch {
	case s != nil:
		return s, ""
	case err != nil:
		return nil, "It could not be looked for (" + channel.Because(err) + "): look among the account's posts, and delete it by hand if it is there"
	}
	return nil, "It is not among the account's posts: delete it by hand if it turns up there"
}

// listedTest returns the test among our newest statuses, nil if it is not there.
func (c *conn) listedTest(ctx context.Context, me *account, key string) (*status, error) {
	list, err := c.list(ctx, "/api/v1/accounts/"+esc(string(me.ID))+"/statuses", url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}})
	if err != nil {
		return nil, err
	}
	for _, raw := range list {
		var s status
		if json.Unmarshal(raw, &s) == nil && s.ID != "" && s.Account.ID == me.ID && strings.Contains(plain(s.Content, nil), key) {
			return &s, nil
		}
	}
	return nil, nil
}

// remove deletes a status of ours; what it returns says that it is still there.
func (c *conn) remove(ctx context.Context, s *status) (left string) {
	ctx, stop := channel.Tidying(ctx)
	defer stop()
	a, err := c.do(ctx, call{lane: removing, method: http.MethodDelete, path: "/api/v1/statuses/" + esc(string(s.ID))})
	if err == nil || is404(a) {
		return ""
	}
	return "It could not be deleted (" + channel.Because(err) + "): delete it by hand at " + clean(s.URL) + "."
}
