package desk

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// exportAbout is the first file of an export: what is in it, for who asked for their data.
const exportAbout = `This is what we keep about you.

contact.json          who you are to us: names, addresses on each channel, standings, notes on you, what you agreed to
conversations/*.json  what was said between us, with what was said before it was edited, the telephone calls we noted and what we promised
elsewhere/*.json      what you said in conversations that are somebody else's
files/*               the pictures and files of these messages, as far as we have them; each message names its own

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
	Promises []exportedPromise `json:"promises,omitempty"`
}

type exportedMessage struct {
	At      time.Time       `json:"at"`
	By      string          `json:"by"`           // "you" or "us"
	To      []string        `json:"to,omitempty"` // who else is named in it
	Private bool            `json:"private"`
	Subject string          `json:"subject,omitempty"`
	Text    string          `json:"text"`
	Quoted  string          `json:"quoted,omitempty"`
	URL     string          `json:"url,omitempty"`
	Deleted time.Time       `json:"deleted,omitzero"`
	Media   []exportedMedia `json:"media,omitempty"`
	Before  []exportedWords `json:"before,omitempty"` // what it said before it was edited
}

type exportedWords struct {
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text"`
}

type exportedPromise struct {
	At    time.Time    `json:"at"`
	Text  string       `json:"text"`
	Due   time.Time    `json:"due"`
	State PromiseState `json:"state"`
	Ended time.Time    `json:"ended,omitzero"`
}

type exportedMedia struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"`
	Alt  string `json:"alt,omitempty"`
	Size int64  `json:"size,omitempty"`
	URL  string `json:"url,omitempty"`
	File string `json:"file,omitempty"` // where it lies in the ZIP
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
		if err := d.exportTalk(ctx, z, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if err := d.exportElsewhere(ctx, z, c.ID, out.Identities); err != nil {
		return err
	}
	return z.Close()
}

// exportTalk writes a conversation, with the files of its messages.
func (d *Desk) exportTalk(ctx context.Context, z *zip.Writer, of ConversationID) error {
	q := d.Store.Read()
	c, err := conversation(ctx, q, of)
	if err != nil {
		return err
	}
	t := exportedTalk{ID: of.String(), Subject: c.Subject, Opened: c.OpenedAt}
	list, err := MessagesOf(ctx, q, of, 1_000_000)
	if err != nil {
		return err
	}
	if t.Messages, err = d.exportMessages(ctx, z, list); err != nil {
		return err
	}
	calls, err := CallsOf(ctx, q, of)
	if err != nil {
		return err
	}
	for _, k := range calls {
		t.Calls = append(t.Calls, exportedCall{k.At, k.Length.Minutes(), k.Reached, k.With, k.Said, k.Agreed})
	}
	promises, err := promisesOf(ctx, q, of, 1_000_000)
	if err != nil {
		return err
	}
	for _, p := range promises {
		if p.State != PromiseUnsaid {
			t.Promises = append(t.Promises, exportedPromise{p.At, p.Text, p.Due, p.State, p.EndedAt})
		}
	}
	return put(z, "conversations/"+of.String()+".json", t)
}

// exportElsewhere writes what identities said in conversations that are others' since they were merged and put asunder, or split: the
// same that goes when they are erased.
func (d *Desk) exportElsewhere(ctx context.Context, z *zip.Writer, of contact.ID, identities []contact.Identity) error {
	q := d.Store.Read()
	by := make([]contact.IdentityID, len(identities))
	for k, i := range identities {
		by[k] = i.ID
	}
	others, err := contact.OnceTogether(ctx, q, of)
	if err != nil {
		return err
	}
	for _, other := range others {
		ids, err := conversationsWith(ctx, q, other, by)
		if err != nil {
			return err
		}
		for _, id := range ids {
			list, err := saidBy(ctx, q, id, by)
			if err != nil {
				return err
			}
			t := exportedTalk{ID: id.String()}
			if t.Messages, err = d.exportMessages(ctx, z, list); err != nil {
				return err
			}
			if err := put(z, "elsewhere/"+id.String()+".json", t); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportMessages writes the files that go with messages, and returns what stands in these.
func (d *Desk) exportMessages(ctx context.Context, z *zip.Writer, list []Message) ([]exportedMessage, error) {
	q := d.Store.Read()
	out := []exportedMessage{}
	for some := range slices.Chunk(list, 200) {
		ids := make([]MessageID, len(some))
		for k, m := range some {
			ids[k] = m.ID
		}
		versions, err := VersionsOf(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		media, err := MediaOf(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			e := exportedMessage{At: m.At, By: "you", Private: m.Private, Subject: m.Subject, Text: m.Text, Quoted: m.Rest.Quoted, URL: m.Rest.URL, Deleted: m.DeletedAt}
			if m.Direction == Out {
				e.By = "us"
			}
			for _, i := range m.Rest.To {
				e.To = append(e.To, i.Handle)
			}
			for _, v := range versions[m.ID] {
				e.Before = append(e.Before, exportedWords{v.At, v.Text})
			}
			for _, x := range media[m.ID] {
				f, err := d.exportFile(ctx, z, x)
				if err != nil {
					return nil, err
				}
				e.Media = append(e.Media, f)
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// fileName is where a file lies in an export: its name as far as every system takes it, after its number.
func fileName(x Media) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_ ", r) {
			return r
		}
		return '_'
	}, letters.First(x.Name, 100))
	return strings.TrimRight("files/"+x.ID.String()+" "+strings.TrimSpace(name), " .")
}

// exportFile writes a picture or file, if we have it, and returns what is told of it.
func (d *Desk) exportFile(ctx context.Context, z *zip.Writer, x Media) (exportedMedia, error) {
	out := exportedMedia{Name: x.Name, Type: x.Type, Alt: x.Alt, Size: x.Size, URL: x.URL}
	m, _, err := MediaBody(ctx, d.Store.Read(), x.ID)
	if fault.Is(err, fault.NotFound) || err == nil && len(m.Body) == 0 { // its author took it back meanwhile, or it lies at the far side only
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.File = fileName(x)
	f, err := z.Create(out.File)
	if err == nil {
		_, err = f.Write(m.Body)
	}
	return out, err
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
