// Package channel is the contract between Switchboard and the places where people speak to a company.
//
// A connector is one folder below this one. It turns what its far side says into Events and what we say into calls. It never
// sees the store: it hands events over and forgets them. Its contract is "may repeat, never skips": the store drops repeats
// by (account, RemoteID). What a connector can do beyond opening is said by the small interfaces it implements on its Conn
// (Fetcher, Streamer, Hearer, Replier, Sociable, Publisher, Finder, Reader, Tester, Connecter, Revoker); there is no method that answers "not
// supported".
//
// All traffic of a connector goes through the guarded client it is given; the far side's JSON types stay in its folder.
package channel

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Connector is a kind of channel.
type Connector interface {
	// About says what the connector is and what it wants to know; the set-up screen is drawn from it.
	About() About
	// Open returns a connection made from settings. It checks the settings' form only and calls nobody:
	// an Invalid fault names the setting that is wrong.
	Open(o Opening) (Conn, error)
}

// Opening is what a Conn is opened with.
type Opening struct {
	Settings json.RawMessage // an object: the answers to About().Settings by name, and what Keep added
	// Keep stores changed settings (a refreshed token) durably before it returns. It replaces the whole object.
	Keep func(ctx context.Context, settings json.RawMessage) error
	Now  func() time.Time
	Log  *slog.Logger
}

// Net is how a connector reaches the world: both are guarded by egress, and both ask the context's gate
// (the stop button, the fence of a delivery) before anything that writes leaves.
type Net struct {
	HTTP *http.Client
	Dial func(ctx context.Context, network, address string) (net.Conn, error) // for mail and WebSocket
}

// About describes a connector to the set-up screen and the documentation.
type About struct {
	Name     string    `json:"name"`  // "mastodon": also the folder and the value in the database
	Title    string    `json:"title"` // "Mastodon"
	Summary  string    `json:"summary"`
	Help     string    `json:"help"` // where to find what is asked for, plain text, a paragraph a line
	Settings []Setting `json:"settings"`
	OAuth    bool      `json:"oauth"`             // the Conn is a Connecter: connecting sends the browser to the far side
	Example  bool      `json:"example,omitempty"` // its customers are made up: what came of an account goes when the account is removed
	// Own are the settings that the connector keeps by itself and that are of one server's giving: they go when an account gets another.
	Own []string `json:"-"`
}

// Setting is one question of the set-up screen.
type Setting struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Help     string   `json:"help,omitempty"`
	Kind     string   `json:"kind"` // text, secret, url, number, bool, choice
	Default  string   `json:"default,omitempty"`
	Required bool     `json:"required"`
	Choices  []string `json:"choices,omitempty"`
	// Server says that it names where the secrets go: whoever changes it of an account that is there enters them again.
	Server bool `json:"server,omitempty"`
}

// Conn is an account, connected. Its methods may be called by several goroutines.
type Conn interface {
	// Check asks the far side who we are. It is the test of the settings and the daily test of the token.
	Check(ctx context.Context) (Profile, error)
	// Close lets go of what the Conn holds open.
	Close() error
}

// Profile is who an account is at the far side, and what it may do there.
type Profile struct {
	RemoteID     string    `json:"remoteId"`
	Handle       string    `json:"handle"` // "@acme_help@social.example", "help@acme.example"
	Name         string    `json:"name"`
	URL          string    `json:"url,omitempty"`
	Limits       Limits    `json:"limits"`
	TokenExpires time.Time `json:"tokenExpires,omitzero"` // zero: does not expire, is renewed by itself, or is not told
	MaySpeak     bool      `json:"maySpeak,omitempty"`    // Check has shown that it may say something too
	Note         string    `json:"note,omitempty"`        // something a person should know ("strangers' messages wait in requests: set to accept")
}

// Fetcher is a Conn we read from.
type Fetcher interface {
	// Fetch returns what happened since cursor, oldest first, "" meaning from now on with the newest few.
	// It may repeat an event, for the store knows it; it never skips one. Page.Next is kept in the
	// transaction that stores the events.
	Fetch(ctx context.Context, cursor string) (Page, error)
}

// Submitter is a Conn whose mail server takes mail from the house itself too, under the account's address.
type Submitter interface {
	// Submission says where and how. It calls nobody.
	Submission() Submission
}

// Submission is a mail server that takes what we write.
type Submission struct {
	Host     string
	Port     int
	Security string // tls, starttls; plain, to this very machine only
	Login    string
	Password func() string // not a string, so that no log and no encoder shows it by mistake
	Address  string        // the sender's, bare
	Name     string
}

// Page is a stretch of a far side's events.
type Page struct {
	Events []Event
	Next   string        // the cursor after these events
	More   bool          // there is more at once: fetch again
	Gap    time.Time     // not zero: something since then could not be had any more (a window closed at the far side)
	Poll   time.Duration // when to ask again, if the far side says or the connector knows better; 0: the account's own interval
}

// Streamer is a Conn that hears by itself.
type Streamer interface {
	// Stream calls deliver with what happens, until ctx ends or the line breaks; it returns why. deliver returns after the
	// events are stored. A call with no events means "something happened: fetch". The caller fetches after each
	// (re)connection, told by a call of up. A trouble that is neither Again, Wait nor Reconnect says that there is no stream for
	// us: a Fetcher is polled then, and asked for a stream again an hour later.
	Stream(ctx context.Context, up func(), deliver func(ctx context.Context, events []Event) error) error
}

// Hearer is a Conn that is called by its far side (a webhook).
type Hearer interface {
	// Hear checks a call and reads it. The events are stored before the answer is given. An error of kind Forbidden
	// (a wrong signature) or Invalid stores nothing.
	Hear(ctx context.Context, c Call) ([]Event, Answer, error)
}

// Call is an inbound webhook, with the body's raw bytes.
type Call struct {
	Method string
	Header http.Header
	Query  url.Values
	Body   []byte
	At     time.Time
}

// Answer is what the far side gets when all is stored. The zero Answer is 200 with nothing in it.
type Answer struct {
	Status int
	Type   string
	Body   []byte
}

// Replier is a Conn that can answer a message, in public or in private.
type Replier interface {
	Reply(ctx context.Context, o Outgoing) (Receipt, error)
}

// Discreet is a Replier that can answer what was said in public by a direct message to who said it.
type Discreet interface {
	Replier
	// AnswersInPrivate reports whether it can, as it is set up; it calls nobody.
	AnswersInPrivate() bool
}

// Sociable is a Replier that can answer everybody in a message: Outgoing.To names those who get the answer too, beside who wrote it.
type Sociable interface {
	Replier
	// Addresses are the ids (Identity.RemoteID) by which the account itself is addressed. It calls nobody.
	Addresses() []string
}

// Publisher is a Conn that can say something new.
type Publisher interface {
	Publish(ctx context.Context, o Outgoing) (Receipt, error)
}

// Personal is a Publisher that speaks to those who are named and to nobody else, as e-mail does: it has no public to post to.
type Personal interface {
	Publisher
	// Personal does nothing; that it is there says it.
	Personal()
}

// Finder is a Conn that can tell what became of something it sent.
type Finder interface {
	// Find looks for what Reply or Publish made of o. (receipt, true, nil): it is there. (_, false, nil): it is surely not
	// there, and sending again is safe. An error: it can't be told, and a person decides.
	Find(ctx context.Context, o Outgoing) (Receipt, bool, error)
}

// Reader is a Conn that can read one message again: the parent right before a reply to it leaves.
type Reader interface {
	// Read returns the message as it is now; a fault.NotFound when it was deleted or is hidden from us.
	Read(ctx context.Context, remoteID string) (Message, error)
}

// Watcher is a Conn that can re-read many messages cheaply, for edits and deletions the far side does not tell of.
type Watcher interface {
	// Reread returns an Edited or Deleted event for each of the messages that changed. known maps RemoteID to Version.
	Reread(ctx context.Context, known map[string]string) ([]Event, error)
}

// Tester is a Conn that can really say something without anybody outside getting to see it.
type Tester interface {
	// Test says something that is shown to nobody but the account itself, looks whether it is there, and takes it away again
	// where the channel lets it. It raises no work here: the connector never tells of it. key is ours and of the form of
	// Outgoing.Key. An error says that it was not said, or that nobody knows: then what may be there is looked for and taken
	// away all the same, and Note says what may be left. What else goes wrong afterwards is told in Tested.
	Test(ctx context.Context, key string) (Tested, error)
}

// Tested is what came of a test, in whole sentences for the person who asked for it.
type Tested struct {
	RemoteID string // of what was said, where the far side gives it an id
	Said     string // what was said, and that it was taken
	Seen     string // where it was found again; "" if it was not
	Gone     bool   // nothing of it is left at the far side
	Note     string // what did not go as it should, or what is left there, and what to do
}

// Revoker is a Conn whose access can be given back.
type Revoker interface {
	// Revoke ends our access at the far side: the account is disconnected here for good.
	Revoke(ctx context.Context) error
}

// Connecter is a Conn that is connected by a round trip of the browser (OAuth).
type Connecter interface {
	// Begin returns the address to send the browser to, and what must be kept until it comes back (sealed by the caller).
	// state is bound to the person's session by the caller.
	Begin(ctx context.Context, callback, state string) (address string, kept json.RawMessage, err error)
	// Finish trades what came back for the account's settings, as Open wants them.
	Finish(ctx context.Context, callback string, answer url.Values, kept json.RawMessage) (settings json.RawMessage, err error)
}
