package notify

import (
	"context"
	"fmt"
	"html"
	"strconv"
	"strings"

	"switchboard/internal/store"
)

// mail puts one mail down with everything that waited.
func (b *Bell) mail(ctx context.Context, k parcel) error {
	if b.Mail == nil {
		return nil
	}
	ready, err := b.Mail.Ready(ctx)
	if err != nil || !ready {
		return err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	l := letter(k, r.Organisation().Name, r.Organisation().PublicURL)
	l.Key = fmt.Sprintf("notify:%s:%d", k.to.ID, store.Micros(k.until))
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return b.Mail.Post(ctx, tx, l) })
}

// letter tells of everything in a parcel, with the addresses it leads to.
func letter(k parcel, house, url string) Letter {
	l := Letter{To: k.to.Email, Subject: k.items[0].Say()}
	if n := len(k.items) + k.more; n > 1 {
		l.Subject = strconv.Itoa(n) + " notifications: " + k.items[0].Say()
	}
	if r := []rune(l.Subject); len(r) > 150 {
		l.Subject = string(r[:150])
	}
	var text, page strings.Builder
	for _, t := range k.items {
		at := url + t.Path()
		text.WriteString(t.Say() + "\n" + words(k, t, "  ", "\n") + "  " + at + "\n\n")
		page.WriteString("<p><a href=\"" + html.EscapeString(at) + "\">" + html.EscapeString(t.Say()) + "</a>" + html.EscapeString(words(k, t, "\n", "")) + "</p>\n")
	}
	if k.more > 0 {
		more := fmt.Sprintf("… and %d more: ", k.more)
		text.WriteString(more + url + "/notifications\n\n")
		page.WriteString("<p>" + more + "<a href=\"" + html.EscapeString(url+"/notifications") + "\">all of them</a></p>\n")
	}
	last := "You are told because you work at " + house + ". What you are told of, and how: " + url + "/me/notifications"
	text.WriteString(last + "\n")
	page.WriteString("<p style=\"color:#666\">" + html.EscapeString(last) + "</p>\n")
	l.Text, l.HTML = text.String(), page.String()
	return l
}

// words are the beginning of what was said, for who wants that outside the house.
func words(k parcel, t Told, before, after string) string {
	if !k.set.Words || t.Excerpt == "" {
		return ""
	}
	return before + "“" + strings.Join(strings.Fields(t.Excerpt), " ") + "”" + after
}
