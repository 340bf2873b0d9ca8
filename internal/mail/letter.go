package mail

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/job"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// House is the house's post office. Its fields are set before Register.
type House struct {
	Store *store.Store
	Jobs  *job.Jobs
	Ring  *secret.Ring
	// Dial connects to a mail server: the guarded way out.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Roots are trusted in place of the machine's; nil: the machine's.
	Roots *x509.CertPool
	// Mailbox is how a connected e-mail account sends, for a house that writes by one. A NotFound fault says that it is no
	// e-mail account, or gone.
	Mailbox func(ctx context.Context, of account.ID) (Server, error)
	Now     func() time.Time
	Log     *slog.Logger
	// Settled hears, in the transaction that notes it, that a letter was sent or given up. It may be nil.
	Settled func(ctx context.Context, tx *store.Tx, l Log) error
}

// LetterID is the id of a letter.
type LetterID = id.Of[Letter]

// Letter is something to be sent to one person who works here.
type Letter struct {
	To   string // a bare address
	Name string // of whom it is to; may be empty
	// Kind is what sort of letter it is, in one lower-case word: "request", "notification". It becomes the List-Id, so that
	// people can sort their post by it.
	Kind    string
	Key     string    // yours; a second letter with the same is not posted. At most 200 characters
	Subject string    // one line
	Text    string    // plain text
	HTML    string    // the same for programs that show pages; may be empty. See Page
	Answers string    // the Message-ID of the letter it follows, without brackets; may be empty
	Until   time.Time // it is of no use after, and then given up; zero: it always is
}

// State is what became of a letter.
type State string

const (
	Queued State = "queued"
	Sent   State = "sent"
	Failed State = "failed" // given up: Trouble says why
)

// Log is what is kept of a letter: no words.
type Log struct {
	ID        LetterID
	To        string
	Kind      string
	Key       string
	State     State
	Tries     int
	Trouble   string // why the last try failed, in words for people
	MessageID string // without brackets
	At        time.Time
	SettledAt time.Time // when it was sent or given up
}

// words are what is kept sealed until a letter is sent.
type words struct {
	Name    string    `json:"name"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html,omitempty"`
	Answers string    `json:"answers,omitempty"`
	Until   time.Time `json:"until,omitzero"`
}

// errand is the job of sending a letter.
type errand struct {
	Letter LetterID `json:"letter"`
}

// Kind names the job.
func (errand) Kind() string { return "house_mail" }

// Ready reports whether letters can be sent, and by what address; "" when they can't.
func (h *House) Ready(ctx context.Context) (from string, err error) {
	k, err := settings(ctx, h.Store.Read())
	if err != nil || !k.On {
		return "", err
	}
	s, err := h.server(ctx, k)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return s.From, err
}

// Sends reports whether a letter would leave now: Ready, and the account it goes by is not stopped.
func (h *House) Sends(ctx context.Context) (bool, error) {
	k, err := settings(ctx, h.Store.Read())
	if err != nil || !k.On {
		return false, err
	}
	s, err := h.server(ctx, k)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil || s.Stopped == nil {
		return err == nil, err
	}
	why, err := s.Stopped(ctx)
	return why == "", err
}

// CameBack notes that a letter that was sent could not be delivered. A NotFound fault says that there is none with this Message-ID.
func (h *House) CameBack(ctx context.Context, messageID string) error {
	l, err := h.Find(ctx, h.Store.Read(), messageID)
	if err != nil {
		return err
	}
	return h.Store.Tx(ctx, func(tx *store.Tx) error {
		return returned(ctx, tx, l.ID, "it came back: look whether the address is right")
	})
}

// Hears reports whether answers to letters are read, as far as what is set tells.
func (h *House) Hears(ctx context.Context, q store.Queryer) (bool, error) {
	k, err := settings(ctx, q)
	return k.On && (k.By != 0 || k.Replies != 0), err
}

// Post puts a letter into the queue in tx: it is sent when tx commits and not otherwise. The id is zero, and nothing is
// posted, when the house's mail is not set or a letter with this key was posted before.
func (h *House) Post(ctx context.Context, tx *store.Tx, l Letter) (LetterID, error) {
	k, err := settings(ctx, tx)
	if err != nil || !k.On {
		return 0, err
	}
	if l.To, err = checkAddress("to", l.To); err != nil {
		return 0, err
	}
	switch {
	case l.Key == "" || len(l.Key) > 200:
		return 0, fault.New(fault.Invalid, "a letter wants a key of at most 200 characters")
	case l.Kind == "" || strings.Trim(l.Kind, "abcdefghijklmnopqrstuvwxyz-") != "":
		return 0, fault.New(fault.Invalid, "a letter's kind is a lower-case word")
	}
	e := Log{ID: LetterID(h.Store.IDs.Next()), To: l.To, Kind: l.Kind, Key: l.Key, State: Queued, At: h.Now(), MessageID: newMessageID(k.Domain)}
	plain, err := json.Marshal(words{l.Name, oneLine(l.Subject), l.Text, l.HTML, l.Answers, l.Until})
	if err != nil {
		return 0, err
	}
	sealed, err := h.Ring.Seal(letterRow(e.ID), plain)
	if err != nil {
		return 0, err
	}
	fresh, err := addLetter(ctx, tx, e, sealed)
	if err != nil || !fresh {
		return 0, err
	}
	return e.ID, h.Jobs.Enqueue(ctx, tx, errand{e.ID}, job.When{})
}

// Recall gives up, in tx, the letters whose keys begin with prefix and that are not sent yet, and forgets their words. prefix holds
// no "%" and no "_".
func (h *House) Recall(ctx context.Context, tx *store.Tx, prefix string) error {
	return recallLetters(ctx, tx, prefix, "it was taken back before it was sent", h.Now())
}

// Letters returns the newest limit letters, for who may set the house's mail.
func (h *House) Letters(ctx context.Context, who staff.Actor, limit int) ([]Log, error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return nil, err
	}
	return lettersOf(ctx, h.Store.Read(), limit)
}

func letterRow(of LetterID) secret.Row {
	return secret.Row{Table: "letter", ID: of.String(), Column: "sealed"}
}

// idMark begins the Message-IDs of the house, which nobody can guess: who names one has the letter.
const idMark = "sbh."

func newMessageID(domain string) string {
	return idMark + strings.ToLower(rand.Text()) + "@" + strings.ToLower(domain)
}

// Ours reports whether a Message-ID, without brackets, has the form of the house's own.
func Ours(messageID string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(messageID), idMark)
	token, _, at := strings.Cut(rest, "@")
	return ok && at && len(token) == 26 && strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// Find returns what is kept of the letter with a Message-ID; a NotFound fault when there is none.
func (h *House) Find(ctx context.Context, q store.Queryer, messageID string) (Log, error) {
	return letterBy(ctx, q, strings.ToLower(messageID))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
