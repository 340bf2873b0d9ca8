package contact

import (
	"context"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Export checks that somebody may have the list of contacts, notes that they had it, and returns a function that writes it as CSV,
// page by page: no cell is a formula to a spreadsheet.
func (b *Book) Export(ctx context.Context, who staff.Actor) (write func(ctx context.Context, w io.Writer) error, err error) {
	if err := who.Require(staff.ContactsKeep); err != nil {
		return nil, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactsExported})
	})
	return b.export, err
}

func (b *Book) export(ctx context.Context, w io.Writer) error {
	q, out := b.Store.Read(), csv.NewWriter(w)
	if _, err := w.Write([]byte("\xEF\xBB\xBF")); err != nil { // spreadsheets take it for their own letters otherwise
		return err
	}
	if err := out.Write([]string{"Contact ID", "Name", "Email", "Number", "Standings", "Language", "Note", "Identities", "Fields", "First seen", "Last seen"}); err != nil {
		return err
	}
	for page := (Query{All: true, Limit: 500}); ; {
		list, err := List(ctx, b.Store, page)
		if err != nil || len(list) == 0 {
			out.Flush()
			return errOr(err, out.Error())
		}
		ids := make([]ID, len(list))
		for k, c := range list {
			ids[k] = c.ID
		}
		identities, err := IdentitiesOf(ctx, q, ids)
		if err != nil {
			return err
		}
		for _, c := range list {
			if err := out.Write(c.cells(identities)); err != nil {
				return err
			}
		}
		out.Flush()
		if err := out.Error(); err != nil {
			return err
		}
		last := list[len(list)-1]
		page.After = Place{last.SeenAt, last.ID}
	}
}

func errOr(err, or error) error {
	if err != nil {
		return err
	}
	return or
}

func (c Contact) cells(identities []Identity) []string {
	var email, number string
	var all, fields []string
	for _, i := range identities {
		switch {
		case i.Contact != c.ID:
			continue
		case i.Channel == "email" && email == "":
			email = i.RemoteID
		case i.Channel == "number" && number == "":
			number = i.RemoteID
		}
		all = append(all, i.Channel+":"+i.Handle)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		fields = append(fields, name+": "+c.Fields[name])
	}
	out := []string{c.ID.String(), c.Name, email, number, strings.Join(c.Standings, ", "), c.Language, c.Note, strings.Join(all, "\n"), strings.Join(fields, "\n"),
		c.CreatedAt.UTC().Format(time.DateOnly), c.SeenAt.UTC().Format(time.DateOnly)}
	for k := range out {
		out[k] = Formula(out[k])
	}
	return out
}
