package mastodon

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// altMost is how long alt text may be.
const altMost = 1500

// media is something uploaded, or attached by a person of the stand-in. Its bytes are counted and thrown away; who asks
// for it gets a picture drawn from its id.
type media struct {
	id, kind, mime, alt string
	by                  *account
	used                *status
	ready               bool
	busy                int // how often it must still be asked for
	size                int64
	broken              bool // processing fails
}

func (s *Server) mediaJSON(m *media) map[string]any {
	out := map[string]any{"id": m.id, "type": m.kind, "url": nil, "preview_url": s.o.Base + "/media/" + m.id + "/small",
		"remote_url": nil, "text_url": nil, "description": orNull(m.alt), "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
		"meta": map[string]any{"focus": map[string]any{"x": 0, "y": 0}}}
	if m.ready {
		out["url"] = s.o.Base + "/media/" + m.id + "/original"
	}
	return out
}

// uploadV2 takes a file and may still be busy with it when it answers: 202, and no url yet.
func (s *Server) uploadV2(c *call) (int, any) {
	m, status, refusal := s.receive(c)
	if m == nil {
		return status, refusal
	}
	if s.o.MediaBusy > 0 {
		m.busy, m.ready = s.o.MediaBusy, false
		return 202, s.mediaJSON(m)
	}
	return 200, s.mediaJSON(m)
}

// uploadV1 takes a file and answers when it is ready.
func (s *Server) uploadV1(c *call) (int, any) {
	m, status, refusal := s.receive(c)
	if m == nil {
		return status, refusal
	}
	return 200, s.mediaJSON(m)
}

func (s *Server) receive(c *call) (*media, int, any) {
	no := func(status int, body any) (*media, int, any) { return nil, status, body }
	file := c.files["file"]
	if file == nil {
		return no(s.refuse("File can't be blank"))
	}
	mime, _, _ := strings.Cut(file.Header.Get("Content-Type"), ";")
	if mime == "" || mime == "application/octet-stream" {
		mime = byName(file.Filename)
	}
	kind, _, _ := strings.Cut(mime, "/")
	switch {
	case kind != "image" && kind != "video" && kind != "audio":
		return no(s.refuse("File content type is invalid"))
	case file.Size > s.o.ImageSize && kind == "image":
		return no(s.refuse("File size must be less than " + strconv.FormatInt(s.o.ImageSize>>20, 10) + " MB"))
	case utf8.RuneCountInString(c.p.Get("description")) > altMost:
		return no(s.refuse("Description is too long (maximum is 1500 characters)"))
	}
	m := &media{id: s.newID(), kind: kind, mime: mime, alt: c.p.Get("description"), by: c.me, ready: true, size: file.Size,
		broken: strings.Contains(file.Filename, "broken")}
	s.media[m.id] = m
	return m, 0, nil
}

func byName(name string) string {
	for end, mime := range map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
		".webp": "image/webp", ".mp4": "video/mp4", ".mp3": "audio/mpeg"} {
		if strings.HasSuffix(strings.ToLower(name), end) {
			return mime
		}
	}
	return ""
}

// upload answers 206 while the server is busy with a file, 200 when it is ready, 422 when it could not be used.
func (s *Server) upload(c *call) (int, any) {
	m := s.media[c.r.PathValue("id")]
	if m == nil || m.by != c.me {
		return gone()
	}
	if m.busy--; !m.ready && m.busy > 0 {
		return 206, s.mediaJSON(m)
	}
	if m.broken {
		return 422, failure{Error: "Error processing media"}
	}
	m.ready = true
	return 200, s.mediaJSON(m)
}

func (s *Server) describe(c *call) (int, any) {
	m := s.media[c.r.PathValue("id")]
	if m == nil || m.by != c.me {
		return gone()
	}
	if c.p.Has("description") {
		m.alt = c.p.Get("description")
	}
	return 200, s.mediaJSON(m)
}
