package bluesky

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	"switchboard/internal/sim/bluesky"
	"switchboard/internal/sim/far"
)

// outgoing is an answer to m, or a new post if m is nil.
func (e *ear) outgoing(text string, m *channel.Message) channel.Outgoing {
	e.clock.Advance(time.Second)
	o := channel.Outgoing{Key: tid(e.clock.Now()), Text: text, Lang: "en", At: e.clock.Now()}
	if m != nil {
		o.Parent = &channel.Parent{RemoteID: m.RemoteID, URI: m.URI, ThreadID: m.ThreadID, From: m.From, Private: m.Private, Memo: m.Memo}
		o.Private = m.Private
	}
	return o
}

func (e *ear) reply(o channel.Outgoing) error {
	_, err := e.conn.(channel.Replier).Reply(e.Context(), o)
	return err
}

func TestWhyAnAnswerCannotGoOut(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(e *ear, id string)
		deed  channel.Deed
		word  string
	}{
		"the post was deleted":  {func(e *ear, id string) { e.network.Delete(id) }, channel.Gone, "deleted"},
		"the author blocked us": {func(e *ear, _ string) { e.Block("ann.test", company) }, channel.Gone, "no longer shows"},
		"the reading side is down": {func(e *ear, _ string) {
			e.Faults().Set(far.Fault{On: far.Read, Do: far.ServerError, Status: 502, Body: []byte(`{"error":"UpstreamFailure","message":"Upstream Failure"}`)})
		}, channel.Again, "can't be reached"},
		"nothing": {func(*ear, string) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			id := e.Post("ann.test", "@"+company+" hello", bluesky.Saying{})
			e.hear()
			m := e.one(id)
			tt.spoil(e, id)
			err := e.reply(e.outgoing("good morning", &m))
			if tt.deed == "" {
				if err != nil || len(e.Published()) != 1 {
					t.Fatalf("Reply: %v", err)
				}
				return
			}
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != tt.deed || tr.Unclear || !strings.Contains(tr.Message, tt.word) {
				t.Errorf("Reply = %+v; want a clear %s with the word %q", err, tt.deed, tt.word)
			}
			if len(e.Published()) != 0 {
				t.Error("it was published all the same")
			}
		})
	}
}

func TestALimitedThreadIsNamedBeforeAndWhileAnswering(t *testing.T) {
	e := newEar(t)
	id := e.Post("ann.test", "@"+company+" for friends only", bluesky.Saying{Closed: true})
	e.hear()
	m, err := e.conn.(channel.Reader).Read(t.Context(), id)
	if err != nil || !strings.Contains(strings.Join(m.Doubts, ""), "limited who may reply") {
		t.Errorf("Read = %+v, %v", m.Doubts, err)
	}
	if err := e.reply(e.outgoing("hello", &m)); channel.TroubleOf(err).Deed != channel.NotAllowed || channel.TroubleOf(err).Unclear {
		t.Errorf("Reply = %v; want a clear NotAllowed", err)
	}
}

func TestAReplyInAThreadHangsOnItsRoot(t *testing.T) {
	e := newEar(t)
	root := e.Post("ann.test", "a long talk", bluesky.Saying{})
	next := e.Post("bea.test", "@"+company+" what do you say?", bluesky.Saying{InReplyTo: root})
	e.hear()
	m := e.one(next)
	m.Memo = nil // a message from an older version, or by hand
	o := e.outgoing("Hello @bea.test", &m)
	r, err := e.conn.(channel.Replier).Reply(t.Context(), o)
	if err != nil || r.ThreadID != root {
		t.Fatalf("receipt %+v, %v; want the thread %s", r, err, root)
	}
	e.hear()
	if echo := e.one(r.RemoteID); echo.ParentID != next || echo.ThreadID != root || !echo.Own || echo.Version != r.Version {
		t.Errorf("the echo: %+v", echo)
	}
}

func TestTheSameKeyTwiceIsOnePost(t *testing.T) {
	e := newEar(t)
	o := e.outgoing("once", nil)
	p := e.conn.(channel.Publisher)
	first, err := p.Publish(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Publish(t.Context(), o); !channel.TroubleOf(err).Unclear {
		t.Errorf("the second time: %v; want an unclear trouble, so that it is looked for", err)
	}
	if found, there, err := e.conn.(channel.Finder).Find(t.Context(), o); err != nil || !there || found.RemoteID != first.RemoteID || found.Version != first.Version {
		t.Errorf("Find = %+v, %v, %v", found, there, err)
	}
	o.Text = "something else"
	if _, there, err := e.conn.(channel.Finder).Find(t.Context(), o); there || !fault.Is(err, fault.Conflict) {
		t.Errorf("other words under the same key: %v, %v; want a Conflict", there, err)
	}
	if n := len(e.Published()); n != 1 {
		t.Errorf("published %d times", n)
	}
}

// drawing is a small PNG, photo a JPEG that says where it was taken.
func drawing(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func photo(t testing.TB) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return append([]byte("\xff\xd8\xff\xfe\x00\x10GPS 47.37N 8.5"), b.Bytes()[2:]...)
}

func TestPictures(t *testing.T) {
	e := newEar(t)
	o := e.outgoing("", nil)
	o.Media = []channel.Upload{
		{Name: "a.jpg", Type: "image/jpeg", Alt: "A chair 🪑", Body: photo(t)}, {Name: "b.png", Type: "image/png", Body: drawing(t)},
	}
	r, err := e.conn.(channel.Publisher).Publish(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Published()[0].Alts; len(got) != 2 || got[0] != "A chair 🪑" {
		t.Errorf("alt texts %q", got)
	}
	m, err := e.conn.(channel.Reader).Read(t.Context(), r.RemoteID)
	if err != nil || len(m.Media) != 2 || m.Media[0].Type != "image/jpeg" {
		t.Fatalf("read back: %+v, %v", m.Media, err)
	}
	a, err := e.http.Get(m.Media[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var b bytes.Buffer
	if _, _ = b.ReadFrom(a.Body); bytes.Contains(b.Bytes(), []byte("GPS")) || int64(b.Len()) != m.Media[0].Size {
		t.Errorf("the picture that everybody sees holds where it was taken, or is not whole (%d of %d bytes)", b.Len(), m.Media[0].Size)
	}
}

func TestWhatBlueskyWouldRefuseNeverLeaves(t *testing.T) {
	png := channel.Upload{Name: "a.png", Type: "image/png", Body: []byte("x")}
	for name, tt := range map[string]struct {
		change func(*channel.Outgoing)
		word   string
	}{
		"nothing at all":            {func(o *channel.Outgoing) { o.Text = " \n" }, "nothing in it"},
		"301 letters":               {func(o *channel.Outgoing) { o.Text = strings.Repeat("é", 301) }, "1 character too long"},
		"300 letters of many bytes": {func(o *channel.Outgoing) { o.Text = strings.Repeat("👩‍👩‍👧", 170) }, "bytes too long"},
		"bytes that are no text":    {func(o *channel.Outgoing) { o.Text = "a\xffb" }, "can't be sent"},
		"a NUL":                     {func(o *channel.Outgoing) { o.Text = "a\x00b" }, "can't be sent"},
		"five pictures":             {func(o *channel.Outgoing) { o.Media = []channel.Upload{png, png, png, png, png} }, "4 pictures"},
		"a film": {func(o *channel.Outgoing) {
			o.Media = []channel.Upload{{Name: "a.mp4", Type: "video/mp4", Body: []byte("x")}}
		}, "pictures only"},
		"a picture that runs code": {func(o *channel.Outgoing) {
			o.Media = []channel.Upload{{Name: "a.svg", Type: "image/svg+xml", Body: []byte("x")}}
		}, "pictures only"},
		"a picture of 3 MB": {func(o *channel.Outgoing) {
			o.Media = []channel.Upload{{Name: "a.png", Type: "image/png", Body: make([]byte, 3<<20)}}
		}, "too large"},
		"an empty picture":                {func(o *channel.Outgoing) { o.Media = []channel.Upload{{Name: "a.png", Type: "image/png"}} }, "is empty"},
		"no key":                          {func(o *channel.Outgoing) { o.Key = "" }, "no key"},
		"a direct message of 1001":        {func(o *channel.Outgoing) { o.Private, o.Text = true, strings.Repeat("a", 1001) }, "1 character too long"},
		"a direct message with a picture": {func(o *channel.Outgoing) { o.Private, o.Media = true, []channel.Upload{png} }, "no pictures"},
		"a direct message to nobody":      {func(o *channel.Outgoing) { o.Private = true }, "not said to whom"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(t, channeltest.NewClock())
			e := &ear{T: t, network: n, conn: n.Open(t)}
			o := e.outgoing("hello", nil)
			tt.change(&o)
			_, err := e.conn.(channel.Publisher).Publish(t.Context(), o)
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear || !strings.Contains(tr.Message, tt.word) {
				t.Errorf("Publish = %v; want a clear Fix with the words %q", err, tt.word)
			}
			if c := n.Faults().Calls(""); c != 0 {
				t.Errorf("%d calls left", c)
			}
		})
	}
}
