package bluesky

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"switchboard/internal/channel"
)

// facet gives a stretch of a text a meaning. Its ends count bytes of UTF-8, not letters.
type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []feature `json:"features"`
}

type feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	DID  string `json:"did,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

// of returns the stretch of text that f is about, "" if there is none.
func (f facet) of(text string) string {
	if a, z := f.Index.Start, f.Index.End; 0 <= a && a < z && z <= len(text) {
		return text[a:z]
	}
	return ""
}

func newFacet(start, end int, x feature) facet {
	f := facet{Features: []feature{x}}
	f.Index.Start, f.Index.End = start, end
	return f
}

// shown is the text as a reader should see it: where the words of a link hide its address, the address stands beside them.
func (r record) shown() string {
	text := r.Text
	facets := slices.SortedStableFunc(slices.Values(r.Facets), func(a, b facet) int { return b.Index.Start - a.Index.Start })
	end := len(text)
	for _, f := range facets { // from the back, so that the ends of those before stay right
		words := f.of(r.Text)
		if words == "" || f.Index.End > end {
			continue // outside the text, or over another
		}
		for _, x := range f.Features {
			if x.URI != "" && x.URI != words {
				text = text[:f.Index.Start] + spelt(words, x.URI) + text[f.Index.End:]
				break
			}
		}
		end = f.Index.Start
	}
	return clean(text)
}

// spelt joins the words of a link and its address: a shortened address is replaced, other words keep it in brackets.
func spelt(words, address string) string {
	short := strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(words, "…"), "..."), "/")
	bare := address
	for _, p := range []string{"https://", "http://", "www."} {
		bare, short = strings.TrimPrefix(bare, p), strings.TrimPrefix(short, p)
	}
	if short != "" && strings.HasPrefix(bare, short) && strings.Contains(short, ".") {
		return address
	}
	return words + " (" + address + ")"
}

var (
	linkIn    = regexp.MustCompile(`https?://[^\s<>"“”]+`)
	mentionIn = regexp.MustCompile(`(^|[\s(\[{"'“«])(@([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+))`)
	tagIn     = regexp.MustCompile(`(^|[\s(\[{"'“«])([#＃]([^\s#＃<>"“”]+))`)
	onlyDigit = regexp.MustCompile(`^[\d\p{P}]+$`)
)

// facets finds links, mentions and tags in text. known are people whose handle needs no look-up. A handle that leads nowhere
// stays plain text; a look-up that fails in passing is an error, for a mention nobody is told of is worth little.
func (c *conn) facets(ctx context.Context, text string, known []channel.Identity) (out []facet, err error) {
	for _, at := range linkIn.FindAllStringIndex(text, -1) {
		address := trimLink(text[at[0]:at[1]])
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			out = append(out, newFacet(at[0], at[0]+len(address), feature{Type: "app.bsky.richtext.facet#link", URI: address}))
		}
	}
	for _, at := range mentionIn.FindAllStringSubmatchIndex(text, -1) {
		did, err := c.resolve(ctx, text[at[6]:at[7]], known)
		if err != nil {
			return nil, err
		}
		if did != "" {
			out = append(out, newFacet(at[4], at[5], feature{Type: "app.bsky.richtext.facet#mention", DID: did}))
		}
	}
	for _, at := range tagIn.FindAllStringSubmatchIndex(text, -1) {
		tag := strings.TrimRight(text[at[6]:at[7]], ".,;:!?)]}'»…")
		if tag == "" || onlyDigit.MatchString(tag) || uniseg.GraphemeClusterCount(tag) > 64 {
			continue
		}
		out = append(out, newFacet(at[4], at[6]+len(tag), feature{Type: "app.bsky.richtext.facet#tag", Tag: tag}))
	}
	slices.SortStableFunc(out, func(a, b facet) int { return a.Index.Start - b.Index.Start })
	end := 0
	return slices.DeleteFunc(out, func(f facet) bool { // what lies within a link is part of the link
		if f.Index.Start < end {
			return true
		}
		end = f.Index.End
		return false
	}), nil
}

// trimLink takes off what ends the sentence and not the address. A bracket stays if it was opened within.
func trimLink(s string) string {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’»…", r):
		case r == ')' && strings.Count(s, "(") < strings.Count(s, ")"):
		case r == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
		default:
			return s
		}
		s = s[:len(s)-n]
	}
	return s
}

// resolve returns the DID of a handle, "" if it has none.
func (c *conn) resolve(ctx context.Context, handle string, known []channel.Identity) (string, error) {
	for _, i := range known {
		if strings.EqualFold(strings.TrimPrefix(i.Handle, "@"), handle) && strings.HasPrefix(i.RemoteID, "did:") {
			return i.RemoteID, nil
		}
	}
	var a struct {
		DID string `json:"did"`
	}
	err := c.do(ctx, call{nsid: "com.atproto.identity.resolveHandle", query: url.Values{"handle": {strings.ToLower(handle)}}}, &a)
	var r *refusal
	if asRefusal(err, &r) && r.Status == 400 && r.Name != "ExpiredToken" && r.Name != "InvalidToken" {
		return "", nil
	}
	return a.DID, err
}
