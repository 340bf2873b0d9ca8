package acme

import (
	"context"
	"net/http"

	"switchboard/internal/sim/far"
)

// answer is something that the company said and a customer got to see.
type answer struct {
	talk *talk
	text string
}

// listen returns what the company said since it was last asked. Each is written down.
func (t *town) listen() (news []answer) {
	records := map[string]*far.Record{"social": &t.social.Record, "reviews": &t.reviews.Record}
	for p, b := range t.boxes {
		records[string(p)] = &b.Record
	}
	for name, r := range records {
		if r.Len() == t.heard[name] {
			continue
		}
		list := r.Entries()
		for _, e := range list[t.heard[name]:] {
			if a, ok := t.hear(name, e); ok {
				news = append(news, a)
			}
		}
		t.heard[name] = len(list)
	}
	return news
}

func (t *town) hear(name string, e far.Entry) (answer, bool) {
	if e.Kind == far.Edit || e.Kind == far.Delete {
		return answer{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.talks[e.ParentID]
	l := line{At: e.At, Act: company, ID: e.ID, Parent: e.ParentID, Text: e.Text, Who: "the product"}
	switch {
	case k != nil:
		l.Talk, l.Place = k.root, k.at
	case name == "social":
		l.Place = map[string]place{"acme": toACME, "acme_help": toHelp, "acme_jobs": toJobs}[e.Account]
	default:
		return answer{}, false
	}
	if name == "social" {
		l.At = idTime(e.ID, e.At)
	}
	t.answered(&l, k)
	if err := t.book.write(l); err != nil {
		t.log.Warn("the demo's ledger can't be written: after a restart its customers will have forgotten this", "error", err)
	}
	return answer{k, e.Text}, k != nil
}

// post brings new reviews to Switchboard's address for them.
func (t *town) post(ctx context.Context, client *http.Client, address string) error {
	return t.reviews.Post(ctx, client, address)
}
