package desk

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// exportAbout is the first file of an export: what is in it, for who asked for their data.
const exportAbout = `This is what we keep about you.

contact.json        who you are to us: names, addresses on each channel, standings, notes on you, what you agreed to
conversations/*.json  what was said between us, each with its pictures and files by name, and the telephone calls we noted

Times are UTC. Notes that our staff write to each other about their work are not in it.
`

type exported struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Standings  []string           `json:"standings"`
	Note       string             `json:"note,omitempty"`
	Language   string             `json:"language,omitempty"`
	Fields     map[string]string  `json:"fields,omitempty"`
	Since      time.Time          `json:"since"`
	Identities []contact.Identity `json:"identities"`
	Consents   []exportedConsent  `json:"consents"`
}

type exportedConsent struct {
	Purpose string    `json:"purpose"`
	Given   bool      `json:"given"`
	Proof   string    `json:"proof"`
	At      time.Time `json:"at"`
}

type exportedTalk struct {
	ID       string            `json:"id"`
	Subject  string            `json:"subject,omitempty"`
	Opened   time.Time         `json:"opened"`
	Messages []exportedMessage `json:"messages"`
	Calls    []exportedCall    `json:"calls,omitempty"`
}

type exportedMessage struct {
	At      time.Time       `json:"at"`
	By      string          `json:"by"` // "you" or "us"
	Private bool            `json:"private"`
	Subject string          `json:"subject,omitempty"`
	Text    string          `json:"text"`
	Quoted  string          `json:"quoted,omitempty"`
	URL     string          `json:"url,omitempty"`
	Deleted time.Time       `json:"deleted,omitzero"`
	Media   []exportedMedia `json:"media,omitempty"`
}

type exportedMedia struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"`
	Alt  string `json:"alt,omitempty"`
	Size int64  `json:"size,omitempty"`
	URL  string `json:"url,omitempty"`
}

type exportedCall struct {
	At      time.Time `json:"at"`
	Minutes float64   `json:"minutes"`
	Reached bool      `json:"reached"`
	With    string    `json:"with,omitempty"`
	Said    string    `json:"said,omitempty"`
	Agreed  string    `json:"agreed,omitempty"`
}

// Export checks that who may hand out what is kept of a contact, notes that it was, and returns a function that writes it as a ZIP,
// one conversation after the other.
func (d *Desk) Export(ctx context.Context, who staff.Actor, of contact.ID) (write func(ctx context.Context, w io.Writer) error, err error) {
	if err := who.Require(staff.ContactsKeep); err != nil {
		return nil, err
	}
	c, err := contact.One(ctx, d.Store.Read(), of)
	if err != nil {
		return nil, err
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactExported, About: journal.About("contact", of)})
	})
	return func(ctx context.Context, w io.Writer) error { return d.export(ctx, c, w) }, err
}

func (d *Desk) export(ctx context.Context, c contact.Contact, w io.Writer) error {
	q, z := d.Store.Read(), zip.NewWriter(w)
	if f, err := z.Create("ABOUT.txt"); err != nil {
		return err
	} else if _, err := io.WriteString(f, exportAbout); err != nil {
		return err
	}
	out := exported{ID: c.ID.String(), Name: c.Name, Standings: c.Standings, Note: c.Note, Language: c.Language, Fields: c.Fields, Since: c.CreatedAt, Consents: []exportedConsent{}}
	var err error
	if out.Identities, err = contact.IdentitiesOf(ctx, q, []contact.ID{c.ID}); err != nil {
		return err
	}
	consents, err := contact.Consents(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for _, k := range consents {
		out.Consents = append(out.Consents, exportedConsent{k.Purpose, k.Given, k.Proof, k.At})
	}
	if err := put(z, "contact.json", out); err != nil {
		return err
	}
	ids, err := conversationIDs(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		talk, err := d.exportTalk(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := put(z, "conversations/"+id.String()+".json", talk); err != nil {
			return err
		}
	}
	return z.Close()
}

func (d *Desk) exportTalk(ctx context.Context, of ConversationID) (t exportedTalk, err error) {
	q := d.Store.Read()
	c, err := conversation(ctx, q, of)
	if err != nil {
		return t, err
	}
	t = exportedTalk{ID: of.String(), Subject: c.Subject, Opened: c.OpenedAt, Messages: []exportedMessage{}}
	list, err := MessagesOf(ctx, q, of, 1_000_000)
	if err != nil {
		return t, err
	}
	for _, m := range list {
		e := exportedMessage{At: m.At, By: "you", Private: m.Private, Subject: m.Subject, Text: m.Text, Quoted: m.Rest.Quoted, URL: m.Rest.URL, Deleted: m.DeletedAt}
		if m.Direction == Out {
			e.By = "us"
		}
		if m.Rest.Media > 0 {
			media, err := MediaOf(ctx, q, []MessageID{m.ID})
			if err != nil {
				return t, err
			}
			for _, x := range media[m.ID] {
				e.Media = append(e.Media, exportedFile(x.Media))
			}
		}
		t.Messages = append(t.Messages, e)
	}
	calls, err := CallsOf(ctx, q, of)
	for _, k := range calls {
		t.Calls = append(t.Calls, exportedCall{k.At, k.Length.Minutes(), k.Reached, k.With, k.Said, k.Agreed})
	}
	return t, err
}

func exportedFile(x channel.Media) exportedMedia {
	return exportedMedia{Name: x.Name, Type: x.Type, Alt: x.Alt, Size: x.Size, URL: x.URL}
}

func put(z *zip.Writer, name string, v any) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
