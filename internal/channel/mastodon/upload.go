package mastodon

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/channel"
)

// uploads brings attachments to the server and waits until it has digested them.
func (c *conn) uploads(ctx context.Context, list []channel.Upload, in *instance) ([]string, error) {
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
	for _, u := range list {
		id, err := c.upload(ctx, u)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (c *conn) upload(ctx context.Context, u channel.Upload) (string, error) {
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
