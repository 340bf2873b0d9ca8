package api

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/picture"
)

// Upload is a file that was given to us to be sent.
type Upload struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type" doc:"By its content."`
	Size int64  `json:"size"`
}

type uploadForm struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"The file."`
	}]
}

func (s *Server) postUpload(ctx context.Context, in *uploadForm) (*body[Upload], error) {
	defer func() { _ = in.RawBody.Form.RemoveAll() }()
	f := in.RawBody.Data().File
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, delivery.MaxUpload+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the file broke off before its end: send it again")
	}
	u, err := s.Delivery.Keep(ctx, who(ctx), f.Filename, b)
	return answer(Upload{u.ID.String(), u.Name, u.Type, u.Size}, err)
}

// shown are the types that a browser may play where they stand. Everything else but what is redrawn, SVG above all, is only ever a
// download.
var shown = map[string]bool{"video/mp4": true, "video/webm": true, "audio/mpeg": true, "audio/ogg": true, "audio/wav": true, "audio/wave": true}

// mostFetched is how large a picture or file is at most that we fetch from outside for a browser.
const mostFetched = 10 << 20

// getMedia answers with a picture or file of a message, to who may see its conversation.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	of, err := id.Parse[desk.Media](r.PathValue("id"))
	if err != nil {
		s.refuse(w, r, noMedia())
		return
	}
	m, c, err := desk.MediaBody(ctx, s.Store.Read(), of)
	if err == nil {
		_, err = s.Desk.Conversation(ctx, who(ctx), c)
	}
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = noMedia()
		}
		s.refuse(w, r, err)
		return
	}
	b := m.Body
	if len(b) == 0 {
		if b, err = s.fetch(ctx, m.URL); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	serveFile(w, r, m.Name, b, r.URL.Query().Has("download"))
}

// redrawn are the types that a browser gets drawn anew.
var redrawn = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

func noMedia() error { return fault.New(fault.NotFound, "there is no such picture or file") }

// getAvatar answers with the picture of a contact, to who may see the contact. That there is none, or that the far side
// does not hand it out any more, is everyday life and no error: the answer is then empty (204), and is asked for again after
// a while only.
func (s *Server) getAvatar(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	of, err := id.Parse[contact.Contact](r.PathValue("id"))
	if err == nil {
		_, err = s.seesContact(ctx, who(ctx), of)
	} else {
		err = noMedia()
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	list, err := contact.IdentitiesOf(ctx, s.Store.Read(), []contact.ID{of})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	for _, i := range list {
		if i.Avatar == "" {
			continue
		}
		b, err := s.fetch(ctx, i.Avatar)
		kind := ""
		if err == nil {
			b, kind, err = picture.Redraw(ctx, b)
		}
		if err != nil {
			break // also what is no picture
		}
		w.Header().Set("Cache-Control", "private, max-age=3600")
		writeFile(w, r, "avatar", kind, "inline", b)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=600")
	w.WriteHeader(http.StatusNoContent)
}

// fetch gets a picture or file from outside, by the guarded way out.
func (s *Server) fetch(ctx context.Context, address string) ([]byte, error) {
	if s.Outside == nil || webAddress(address) == "" {
		return nil, noMedia()
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, noMedia()
	}
	a, err := s.Outside.Do(q)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "the picture or file can't be had from where it lies just now", err)
	}
	defer a.Body.Close()
	if a.StatusCode == http.StatusNotFound || a.StatusCode == http.StatusGone {
		return nil, fault.New(fault.NotFound, "the picture or file is no longer where it lay")
	}
	b, err := io.ReadAll(io.LimitReader(a.Body, mostFetched+1))
	if err != nil || a.StatusCode != http.StatusOK || len(b) > mostFetched {
		return nil, fault.Wrap(fault.Unavailable, "the picture or file can't be had from where it lies", fmt.Errorf("status %d, %d bytes: %w", a.StatusCode, len(b), err))
	}
	return b, nil
}

// serveFile answers with what came from outside: its type is read from its content, pictures are drawn anew, and nothing in it can
// run. A picture that can't be drawn, because it is broken or too large, is a file to be taken, as everything is that no browser
// shows, and everything that is asked for as it came.
func serveFile(w http.ResponseWriter, r *http.Request, name string, b []byte, asItCame bool) {
	kind := http.DetectContentType(b)
	inline := shown[kind]
	if redrawn[kind] && !asItCame {
		out, is, err := picture.Redraw(r.Context(), b)
		if inline = err == nil; inline {
			if is != kind {
				name = strings.TrimSuffix(name, path.Ext(name)) + "." + strings.TrimPrefix(is, "image/")
			}
			b, kind = out, is
		}
	}
	if !inline || asItCame {
		writeFile(w, r, name, "application/octet-stream", "attachment", b)
		return
	}
	writeFile(w, r, name, kind, "inline", b)
}

func writeFile(w http.ResponseWriter, r *http.Request, name, kind, disposition string, b []byte) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Content-Type", kind)
	if v := mime.FormatMediaType(disposition, map[string]string{"filename": delivery.FileName(name)}); v != "" {
		h.Set("Content-Disposition", v)
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(b)
	}
}

func documentMedia(op *huma.Operation) {
	documentFile(op)
	op.Parameters = append(op.Parameters, &huma.Param{Name: "download", In: "query", AllowEmptyValue: true, Schema: &huma.Schema{Type: huma.TypeString},
		Description: "The file as it came, to be kept. Without it a picture is drawn anew: nothing is left of its file but what is seen."})
}

func documentAvatar(op *huma.Operation) {
	documentFile(op)
	op.Responses["204"] = &huma.Response{Description: "There is no picture, or it can't be had"}
}

func documentFile(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "The picture or file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	op.Parameters = append(op.Parameters, &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
}
