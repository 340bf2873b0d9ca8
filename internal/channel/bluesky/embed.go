package bluesky

import (
	"encoding/json"
	"strings"

	"switchboard/internal/channel"
)

// embed is what hangs on a post, both as its author wrote it (blobs) and as the reading side shows it (addresses).
type embed struct {
	Type   string     `json:"$type"`
	Images []embedded `json:"images"`
	Items  []embedded `json:"items"` // a gallery
	Media  *embed     `json:"media"` // beside a quoted record
	Video  blob       `json:"video"`
	Alt    string     `json:"alt"`
	List   string     `json:"playlist"`
	Thumb  string     `json:"thumbnail"`
	Link   *link      `json:"external"`
	Record quotedView `json:"record"`
}

type embedded struct {
	Image     blob   `json:"image"`
	Alt       string `json:"alt"`
	Fullsize  string `json:"fullsize"`
	Thumb     string `json:"thumb"`
	Thumbnail string `json:"thumbnail"`
}

type blob struct {
	Mime string `json:"mimeType"`
	Size int64  `json:"size"`
}

type link struct {
	URI   string `json:"uri"`
	Title string `json:"title"`
}

// quotedView is a quoted post; beside media it lies one level deeper.
type quotedView struct {
	Type   string      `json:"$type"`
	Author profileView `json:"author"`
	Value  struct {
		Text string `json:"text"`
	} `json:"value"`
	Record *quotedView `json:"record"`
}

// attach adds media, link card and quotation to m.
func (p *post) attach(m *channel.Message) {
	var written, view embed
	if len(p.record.Embed) > 0 && json.Unmarshal(p.record.Embed, &written) != nil {
		m.Doubts = append(m.Doubts, "what hangs on this post could not be read: open it in Bluesky")
		return
	}
	_ = json.Unmarshal(p.Embed, &view) // without it there are no addresses; the rest is told all the same
	if q := view.Record; q.Record != nil || q.Value.Text != "" {
		if q.Record != nil && q.Value.Text == "" {
			q = *q.Record
		}
		m.Quoted = clean(q.Value.Text)
	}
	if written.Media != nil {
		written = *written.Media
	}
	if view.Media != nil {
		view = *view.Media
	}
	m.Media = media(written, view)
	if written.Link != nil && written.Link.URI != "" && !strings.Contains(m.Text, written.Link.URI) {
		m.Text = strings.TrimSpace(m.Text + "\n" + clean(written.Link.URI))
	}
}

// media joins what the author wrote (kind, size, alt text) with what the view shows (addresses).
func media(written, view embed) (out []channel.Media) {
	shown := append(view.Images, view.Items...)
	for k, w := range append(written.Images, written.Items...) {
		x := channel.Media{Type: mime(w.Image.Mime, "image/jpeg"), Size: w.Image.Size, Alt: clean(w.Alt)}
		if k < len(shown) {
			x.URL, x.Preview = shown[k].Fullsize, shown[k].Thumb+shown[k].Thumbnail
		}
		out = append(out, x)
	}
	if written.Video.Mime != "" {
		out = append(out, channel.Media{
			Type: mime(written.Video.Mime, "video/mp4"), Size: written.Video.Size, Alt: clean(written.Alt), URL: view.List, Preview: view.Thumb,
		})
	}
	return out
}

func mime(s, usual string) string {
	if s = clean(s); s == "" || strings.ContainsAny(s, "\r\n") || len(s) > 100 {
		return usual
	}
	return s
}
