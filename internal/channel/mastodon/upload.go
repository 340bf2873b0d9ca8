package mastodon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/channel"
)

// uploads brings the attachments of a message to the server and waits until it has digested them. What an earlier try of the same
// message brought there is not brought again: a film may take longer than a try to be digested, and would never be.
func (c *conn) uploads(ctx context.Context, key string, list []channel.Upload, in *instance) ([]string, error) {
	for _, u := range list {
		switch {
		case len(u.Body) == 0:
			return nil, fix("the attachment " + u.Name + " is empty")
		case in.Limits.MediaSize > 0 && int64(len(u.Body)) > in.Limits.MediaSize && strings.HasPrefix(u.Type, "image/"):
			return nil, fix(fmt.Sprintf("the picture %s is too large: this server takes %d MB at most", u.Name, in.Limits.MediaSize>>20))
		case utf8.RuneCountInString(u.Alt) > in.Limits.Alt:
			return nil, fix(fmt.Sprintf("the description of %s is too long: %d characters at most", u.Name, in.Limits.Alt))
		}
	}
	var ids []string
	for k, u := range list {
		id, err := c.upload(ctx, uploadKey(key, k, u), u)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// uploadKey names the k-th attachment of a message as it is now: words and files may be changed between two tries.
func uploadKey(key string, k int, u channel.Upload) string {
	h := sha256.New()
	for _, s := range [][]byte{[]byte(u.Type), []byte(u.Alt), u.Body} {
		_ = binary.Write(h, binary.BigEndian, int64(len(s)))
		_, _ = h.Write(s)
	}
	return fmt.Sprintf("%s %d %x", key, k, h.Sum(nil))
}

func (c *conn) upload(ctx context.Context, key string, u channel.Upload) (string, error) {
	remember := func(id string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.uploaded.put(key, id)
	}
	c.mu.Lock()
	before, _ := c.uploaded.get(key)
	c.mu.Unlock()
	if before != "" {
		err := c.digested(ctx, before)
		if err == nil {
			return before, nil
		}
		switch channel.TroubleOf(err).Deed {
		case channel.Gone: // the server throws away after a while what stands in no post
			remember("")
		case channel.Fix:
			remember("")
			return "", err
		default:
			return "", err
		}
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if u.Alt != "" {
		_ = w.WriteField("description", clean(u.Alt))
	}
	h := textproto.MIMEHeader{"Content-Type": {u.Type}}
	h.Set("Content-Disposition", multipart.FileContentDisposition("file", fileName(u)))
	part, err := w.CreatePart(h)
	if err != nil {
		return "", err
	}
	_, _ = part.Write(u.Body)
	_ = w.Close()
	k := call{lane: uploading, method: http.MethodPost, path: "/api/v2/media", raw: b.Bytes(), kind: w.FormDataContentType()}
	a, err := c.do(ctx, k)
	if is404(a) {
		k.path = "/api/v1/media"
		a, err = c.do(ctx, k)
	}
	if err != nil {
		return "", err
	}
	var m attachment
	if err := k.decode(a, &m); err != nil {
		return "", err
	}
	if m.ID == "" {
		return "", odd(k, errNoID)
	}
	remember(string(m.ID))
	if a.status == http.StatusAccepted || a.status == http.StatusPartialContent {
		return string(m.ID), c.digested(ctx, string(m.ID))
	}
	return string(m.ID), nil
}

// fileName is the upload's name without what a header can't hold.
func fileName(u channel.Upload) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r == '/' {
			return '_'
		}
		return r
	}, clean(u.Name))
	if name == "" {
		name = "file"
	}
	return name
}

// digested asks until the server has made of an upload what it needs: 206 while it works, 422 when it can't.
func (c *conn) digested(ctx context.Context, id string) error {
	pause := 200 * time.Millisecond
	for range 30 {
		k := call{lane: uploading, method: http.MethodGet, path: "/api/v1/media/" + esc(id)}
		a, err := c.do(ctx, k)
		if err != nil {
			return err
		}
		if a.status == http.StatusOK {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return unreachable(k, err)
		}
		pause = min(pause*3/2, 3*time.Second)
	}
	return &channel.Trouble{Deed: channel.Again, Message: "the server is still busy with an attachment; it is tried again"}
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
