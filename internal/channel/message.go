package channel

import (
	"encoding/json"
	"time"
)

// EventKind is what happened.
type EventKind string

const (
	Said    EventKind = "said"    // a message is there
	Edited  EventKind = "edited"  // a message is there, changed; Message is whole, so it may come before Said
	Deleted EventKind = "deleted" // a message is gone; may come before Said
)

// Event is something that happened at the far side.
type Event struct {
	Kind     EventKind       `json:"kind"`
	RemoteID string          `json:"remoteId"` // of the message
	At       time.Time       `json:"at"`       // when it happened there, UTC
	Message  Message         `json:"message,omitzero"`
	Raw      json.RawMessage `json:"raw,omitempty"` // as the far side put it; bytes that are not JSON as a JSON string
}

// Kind is what sort of thing was said.
type Kind string

const (
	Post    Kind = "post"
	Reply   Kind = "reply"
	Comment Kind = "comment"
	Direct  Kind = "direct"
	Review  Kind = "review"
	Article Kind = "article"
	Email   Kind = "email"
)

// Identity is who somebody is at the far side.
type Identity struct {
	RemoteID  string `json:"remoteId"` // never changes: a DID, an ActivityPub URI, a mail address in lower case
	Handle    string `json:"handle"`   // what people type: "@ann@social.example"
	Name      string `json:"name"`
	URL       string `json:"url,omitempty"`
	Avatar    string `json:"avatar,omitempty"` // an address; only ever fetched by our proxy
	Followers int    `json:"followers,omitempty"`
	Bot       bool   `json:"bot,omitempty"`
	Verified  bool   `json:"verified,omitempty"`
	About     string `json:"about,omitempty"` // what they say of themselves in their profile, as plain text, where the far side tells
}

// Media is a picture, sound, film or file of a message.
type Media struct {
	URL     string `json:"url,omitempty"`
	Type    string `json:"type"` // a MIME type, as told
	Name    string `json:"name,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Preview string `json:"preview,omitempty"`
	Body    []byte `json:"body,omitempty"` // inline content (mail attachments), at most 10 MB a message
}

// Message is one thing said at the far side, as the account sees it.
type Message struct {
	RemoteID  string          `json:"remoteId"`            // stable, unique for the account
	URI       string          `json:"uri,omitempty"`       // the same from whichever account it is seen; "" when there is none
	Version   string          `json:"version,omitempty"`   // changes with each edit (a content hash, an edited time)
	ThreadID  string          `json:"threadId,omitempty"`  // the public post or mail thread it belongs to; "" for a message by itself
	ParentID  string          `json:"parentId,omitempty"`  // RemoteID of what it answers
	ParentURI string          `json:"parentUri,omitempty"` // URI of what it answers
	Kind      Kind            `json:"kind"`
	Private   bool            `json:"private"`
	Own       bool            `json:"own"` // said by this account: an echo, or by hand in the network's app
	From      Identity        `json:"from"`
	To        []Identity      `json:"to,omitempty"` // who else is named
	Subject   string          `json:"subject,omitempty"`
	Text      string          `json:"text"`              // plain text, as meant to be read; valid UTF-8
	HTML      string          `json:"html,omitempty"`    // as it came, if it came so; sanitised where it is shown
	Quoted    string          `json:"quoted,omitempty"`  // quoted history and signature, split off Text
	Bare      bool            `json:"bare,omitempty"`    // of a mail: nothing in Text is new, it only quotes or signs
	Warning   string          `json:"warning,omitempty"` // content warning: often the real subject
	Lang      string          `json:"lang,omitempty"`    // the author's own claim
	Media     []Media         `json:"media,omitempty"`
	At        time.Time       `json:"at"` // by the far side's clock, UTC
	EditedAt  time.Time       `json:"editedAt,omitzero"`
	URL       string          `json:"url,omitempty"`       // where a person can look at it
	Automatic bool            `json:"automatic,omitempty"` // an auto-reply, list mail, bounce: never answered by a machine
	Bounce    string          `json:"bounce,omitempty"`    // the Key or RemoteID of our own message that this says failed
	Missed    []string        `json:"missed,omitempty"`    // of such a mail: whom it names as those it did not reach, at most 20
	Returned  []string        `json:"returned,omitempty"`  // of a mail that says that others were not delivered: their Message-IDs
	Refs      []string        `json:"refs,omitempty"`      // of a mail: the Message-IDs it refers to, the nearest last
	Vouched   string          `json:"vouched,omitempty"`   // of a mail: whether the receiving server vouches for the sender: pass, fail; "" where it tells nothing
	Doubts    []string        `json:"doubts,omitempty"`    // "the sender's domain does not vouch for it (DMARC fail)"
	Rating    int             `json:"rating,omitempty"`    // stars of a review, 1 to 5
	Memo      json.RawMessage `json:"memo,omitempty"`      // what the connector wants back in Outgoing.Parent (a cid, References)
}

// Parent is what an outgoing message answers.
type Parent struct {
	RemoteID string          `json:"remoteId"`
	URI      string          `json:"uri,omitempty"`
	ThreadID string          `json:"threadId,omitempty"`
	Version  string          `json:"version,omitempty"`
	From     Identity        `json:"from"`
	To       []Identity      `json:"to,omitempty"`
	Subject  string          `json:"subject,omitempty"`
	Text     string          `json:"text,omitempty"`
	Private  bool            `json:"private"`
	At       time.Time       `json:"at,omitzero"`
	Memo     json.RawMessage `json:"memo,omitempty"`
}

// Outgoing is something to be said.
type Outgoing struct {
	// Key is ours: kept before the first try and the same in all of them. 13 characters of a-z2-7 that sort by time: a valid
	// record key at Bluesky, and the seed of Idempotency-Key and Message-ID elsewhere.
	Key     string
	Parent  *Parent // nil for a new post
	To      []Identity
	Private bool
	Subject string
	Text    string
	Lang    string
	Media   []Upload
	At      time.Time // when it was put in the queue, UTC: bounds a search for it
}

// Upload is a picture or file to go out.
type Upload struct {
	Name string
	Type string
	Alt  string
	Body []byte
}

// Receipt is the far side's word that it has taken something.
type Receipt struct {
	RemoteID string    `json:"remoteId"`
	URI      string    `json:"uri,omitempty"`
	ThreadID string    `json:"threadId,omitempty"`
	URL      string    `json:"url,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Version  string    `json:"version,omitempty"`
}
