package notify

import (
	"fmt"
	"strings"

	"switchboard/internal/store"
)

// chatText is what a room is told.
type chatText struct {
	items []Told // the newest first
	more  int
	words bool
	url   string
	trial string // who tries the room out; then there are no items
}

// line is a sentence and where it leads.
type line struct{ text, words, url string }

func (t chatText) lines() (out []line) {
	if t.trial != "" {
		return []line{{"Switchboard tells this room from now on. " + t.trial + " tried it out.", "", t.url}}
	}
	for _, k := range t.items {
		l := line{text: k.Say(), url: t.url + k.Path()}
		if t.words && k.Excerpt != "" {
			l.words = "“" + strings.Join(strings.Fields(k.Excerpt), " ") + "”"
		}
		out = append(out, l)
	}
	if t.more > 0 {
		out = append(out, line{text: fmt.Sprintf("… and %d more", t.more), url: t.url})
	}
	return out
}

// body is the message as the chat tool wants it. What others wrote is shown as text: nobody is called, nothing becomes a link.
func (t chatText) body(f Form) []byte {
	switch f {
	case Mattermost:
		return store.Bytes(map[string]any{"text": join(t.lines(), markdown)})
	case Teams:
		return store.Bytes(teams(t.lines()))
	}
	return store.Bytes(map[string]any{"text": join(t.lines(), slack), "unfurl_links": false, "unfurl_media": false})
}

func join(list []line, say func(line) string) string {
	out := make([]string, len(list))
	for k, l := range list {
		out[k] = say(l)
	}
	return strings.Join(out, "\n")
}

// slack writes a line in Slack's own marks: three signs are escaped, and a link is <address|text>.
func slack(l line) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	bare := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "¦")
	s := "<" + l.url + "|" + bare.Replace(calm(l.text)) + ">"
	if l.words != "" {
		s += " " + escape.Replace(calm(l.words))
	}
	return s
}

// markdown writes a line for Mattermost.
func markdown(l line) string {
	s := "[" + plain(l.text) + "](" + l.url + ")"
	if l.words != "" {
		s += " " + plain(l.words)
	}
	return s
}

// plain is s without anything that Markdown reads as more than text.
func plain(s string) string {
	var b strings.Builder
	for _, c := range calm(s) {
		if strings.ContainsRune("\\`*_{}[]()#+-.!|~<>", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// calm is s without what calls a whole room: "@here" is "@ here", with a blank that has no width, and so are addresses no links.
func calm(s string) string {
	s = strings.ReplaceAll(s, "@", "@\u200b")
	return strings.ReplaceAll(s, "://", ":\u200b//")
}

// teams is an adaptive card, as a workflow of Microsoft Teams wants it.
func teams(list []line) map[string]any {
	body := []any{}
	for k, l := range list {
		block := map[string]any{"type": "TextBlock", "text": "[" + plain(l.text) + "](" + l.url + ")", "wrap": true}
		if k == 0 {
			block["weight"] = "Bolder"
		}
		body = append(body, block)
		if l.words != "" {
			body = append(body, map[string]any{"type": "TextBlock", "text": plain(l.words), "wrap": true, "isSubtle": true, "spacing": "None"})
		}
	}
	card := map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
	return map[string]any{"type": "message", "attachments": []any{
		map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card}}}
}
