package bluesky

import (
	"context"
	"net/url"
	"strings"

	"switchboard/internal/channel"
)

// testType is the kind of record a test writes. No app knows it, so none shows it. A host takes kinds that it does not know as long
// as nobody asks it to check them.
const testType = "com.example.switchboard.test"

// testRecord is a record of that kind.
type testRecord struct {
	Type    string `json:"$type"`
	Note    string `json:"note"`
	Created string `json:"createdAt"`
}

// Test writes a record that no app shows into our own repository, reads it and deletes it.
func (c *conn) Test(ctx context.Context, key string) (channel.Tested, error) {
	rkey, err := recordKey(channel.Outgoing{Key: key})
	if err != nil {
		return channel.Tested{}, err
	}
	me, err := c.session.token(ctx)
	if err != nil {
		return channel.Tested{}, err
	}
	r := testRecord{testType, "A test by Switchboard. It is deleted at once.", c.now().UTC().Format("2006-01-02T15:04:05.000Z")}
	err = c.do(ctx, call{nsid: "com.atproto.repo.createRecord", write: true, body: map[string]any{
		"repo": me.DID, "collection": testType, "rkey": rkey, "validate": false, "record": r,
	}}, nil)
	there, why := false, error(nil)
	if t := channel.TroubleOf(err); err == nil || t.Unclear {
		there, why = c.hasTest(ctx, me.DID, rkey, r)
	}
	if err != nil && !there {
		t := *channel.TroubleOf(err)
		var out channel.Tested
		if t.Unclear {
			// Its host may still be at it, or have it and not show it.
			out.Note = "What may have arrived of it was deleted there"
			if left := c.removeTest(ctx, me.DID, rkey); left != "" {
				out.Note = "If it arrived, it is still there (" + left + "); no app shows it"
			}
			t.Unclear = why != nil
		}
		if t.Deed == channel.Fix {
			t.Message = "the account's host takes no record of a kind it does not know, so no test can be made there; that says nothing of posts and answers"
		}
		return out, &t
	}
	out := channel.Tested{RemoteID: "at://" + me.DID + "/" + testType + "/" + rkey,
		Said: "A record that no app shows was written into the account's repository on " + hostOf(me.PDS) + "."}
	switch {
	case there:
		out.Seen = "It was read back from there."
	case why != nil:
		out.Note = "It could not be read back: " + channel.Because(why) + "."
	default:
		out.Note = "The host has taken it, and does not show it."
	}
	left := c.removeTest(ctx, me.DID, rkey)
	if out.Gone = left == ""; !out.Gone {
		out.Note = strings.TrimSpace(out.Note + " It could not be deleted (" + left + "); no app shows it.")
	}
	return out, nil
}

// removeTest deletes the record of a test, whether it is there or not; left is why it could not.
func (c *conn) removeTest(ctx context.Context, did, rkey string) (left string) {
	ctx, stop := channel.Tidying(ctx)
	defer stop()
	err := c.do(ctx, call{nsid: "com.atproto.repo.deleteRecord", write: true, body: map[string]any{
		"repo": did, "collection": testType, "rkey": rkey,
	}}, nil)
	if err == nil {
		return ""
	}
	return channel.Because(err)
}

// hasTest reports whether the host keeps r under rkey.
func (c *conn) hasTest(ctx context.Context, did, rkey string, r testRecord) (bool, error) {
	ctx, stop := channel.Tidying(ctx)
	defer stop()
	var a struct {
		Value testRecord `json:"value"`
	}
	err := c.do(ctx, call{nsid: "com.atproto.repo.getRecord", query: url.Values{"repo": {did}, "collection": {testType}, "rkey": {rkey}}}, &a)
	if refusedAs(err, "RecordNotFound") {
		return false, nil
	}
	return err == nil && a.Value == r, err
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}
