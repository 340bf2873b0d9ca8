// Package delivery brings what was written to the far side, once.
//
// A delivery goes held → queued → sending → sent, failed, unknown or cancelled. What never bends: it is sent only with the far
// side's id as proof; while it is sending nobody else sends it (a fence and a lease, asked again right before each call leaves);
// when it can't be told whether it arrived, the far side is read back, and if that can't tell either, it is unknown and a person
// decides. It is never tried again blindly. The stop button is asked in the same moment as the fence.
package delivery

import (
	"crypto/rand"
	"encoding/binary"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// ID is the id of a delivery.
type ID = id.Of[Delivery]

// State is where a delivery stands.
type State string

const (
	Held      State = "held"    // waits for a person: an approval, a look at what changed
	Queued    State = "queued"  // waits for its time, or for the account to be well
	Sending   State = "sending" // a worker has it
	Sent      State = "sent"    // the far side has given it an id
	Failed    State = "failed"  // it is surely not there, and will not be by itself
	Unknown   State = "unknown" // it may be there: a person must look
	Cancelled State = "cancelled"
)

// Delivery is one outbound message on its way.
type Delivery struct {
	ID           ID
	Key          string // ours, the same in every try: see channel.Outgoing
	Conversation desk.ConversationID
	Account      account.ID
	Parent       desk.MessageID
	Author       staff.PersonID
	ApprovedBy   staff.PersonID
	Private      bool
	Subject      string
	Text         string
	Content      Content
	State        State
	Reason       string     // why it stands there, for the person
	Then         desk.State // what becomes of the conversation when it is sent
	Tries        int
	Fence        int64
	LeaseUntil   time.Time
	DueAt        time.Time // not before
	StartedAt    time.Time // of the present try
	CreatedAt    time.Time
	SentAt       time.Time
	EndedAt      time.Time
	RemoteID     string
	URL          string
	Message      desk.MessageID // what it became
	Thread       ID             // of an answer in parts: the first of them; zero: it is whole
	Part         int            // and which it is, from 1

	last bool // not kept: there is no further try after the present one
}

// Content is what a delivery carries beside its text.
type Content struct {
	Uploads []UploadID `json:"uploads,omitempty"`
	Alts    []string   `json:"alts,omitempty"` // what the uploads show, in words, in their order; may be shorter
	Lang    string     `json:"lang,omitempty"`
	Sleep   time.Time  `json:"sleep,omitzero"` // once it is sent the conversation sleeps until then, if it would wait
	// ParentVersion is what the parent said when the answer was written, or was looked at again.
	ParentVersion string `json:"parentVersion,omitempty"`
	// Difference is what the parent says now, when it was edited meanwhile, and DifferenceVersion is the version of that.
	Difference        string `json:"difference,omitempty"`
	DifferenceVersion string `json:"differenceVersion,omitempty"`
	// Gone says that the parent was found deleted; Anyway that somebody knows that and wants the answer sent all the same.
	Gone   bool `json:"gone,omitempty"`
	Anyway bool `json:"anyway,omitempty"`
	// Doubt says that an earlier try may have arrived: the far side is asked before anything is sent again.
	Doubt bool `json:"doubt,omitempty"`
	// Since is when the tries began that it is given up after: a delivery that waited for people, or for its account, has them all.
	Since time.Time `json:"since,omitzero"`
	// To is whom it goes to, when it answers nothing: a conversation that was taken to e-mail.
	To []channel.Identity `json:"to,omitempty"`
	// Cc are others in what it answers, to whom it goes too.
	Cc []channel.Identity `json:"cc,omitempty"`
	// Closes is the private message of which this is the closing line in public: it goes out once that was sent. Unapproved says
	// that it then waits for an approval.
	Closes     ID   `json:"closes,omitzero"`
	Unapproved bool `json:"unapproved,omitempty"`
	// Parts is in how many parts the answer is said, and Whole, of the first, what was written before it was cut.
	Parts int    `json:"parts,omitempty"`
	Whole string `json:"whole,omitempty"`
}

// Open reports whether something may still become of d.
func (d Delivery) Open() bool {
	return d.State == Held || d.State == Queued || d.State == Sending || d.State == Unknown
}

const (
	sendLimit = 40 * time.Second  // for all calls of one try
	fileLimit = 100 * time.Second // for those of one that brings files: a line out may be slow
	leaseLife = 30 * time.Second  // a worker that is alive lengthens its lease, each leaseLife/3
	findLimit = 45 * time.Second  // after the start of a try, until when the far side is asked what became of it
	findLeast = 10 * time.Second  // and after its end, where that was later
	giveUp    = 24 * time.Hour    // after which a delivery that keeps failing is left to a person
	longPause = time.Hour         // between two tries: something else than the far side's failing kept it back
	askPause  = 4 * time.Second   // between two of these questions
	waitHere  = 10 * time.Second  // how long a worker waits itself when the far side says to wait with asking
	doubtLife = time.Hour         // how long the far side may make us wait with asking before a person must look instead
)

// pause is how long after the n-th try comes the next.
func pause(n int) time.Duration { return min(2*time.Second<<min(n, 12), 15*time.Minute) }

// claimed is d in the hands of a worker.
func (d Delivery) claimed(now time.Time) Delivery {
	if d.State, d.Reason = Sending, ""; d.Content.Since.IsZero() || !d.Content.Doubt && now.Sub(d.StartedAt) > longPause {
		d.Content.Since = now
	}
	d.Fence, d.Tries, d.StartedAt, d.LeaseUntil = d.Fence+1, d.Tries+1, now, now.Add(leaseLife)
	return d
}

// after is d when a try ended in a trouble that the far side was clear about: it surely has not taken it.
func (d Delivery) after(t *channel.Trouble, now time.Time) Delivery {
	d.Reason, d.LeaseUntil = t.Message, time.Time{}
	switch t.Deed {
	case channel.Again, channel.Wait, channel.Reconnect:
		if t.Deed == channel.Again && d.tooOld(now) {
			return d.ended(Failed, "it could not be sent for a day: "+t.Message, now)
		}
		if t.Deed == channel.Reconnect { // claim holds it back until a person has connected the account again
			d.State, d.DueAt = Queued, now.Add(reconnectPause)
			return d
		}
		d.State, d.DueAt = Queued, now.Add(pause(d.Tries))
		if t.Deed == channel.Wait && t.Until.After(now) {
			d.DueAt = t.Until
		}
		return d
	case channel.Gone:
		return d.ended(Failed, "what it answers is no longer there: "+t.Message, now)
	}
	return d.ended(Failed, t.Message, now)
}

// missed is d when the far side says that a try did not arrive.
func (d Delivery) missed(why string, now time.Time) Delivery {
	switch {
	case d.last:
		return d.ended(Failed, why, now)
	case d.tooOld(now):
		return d.ended(Failed, "it could not be sent for a day: "+why, now)
	}
	d.State, d.Reason, d.LeaseUntil, d.DueAt, d.Content.Doubt = Queued, "it had not arrived: "+why, time.Time{}, now.Add(pause(d.Tries)/2), false
	return d
}

// doubted is d when it may have arrived, and the far side wants to be asked later.
func (d Delivery) doubted(until, now time.Time, why string) Delivery {
	d.State, d.LeaseUntil, d.DueAt, d.Content.Doubt = Queued, time.Time{}, until, true
	d.Reason = "it may have arrived; the other side is asked as soon as it lets us (" + why + ")"
	return d
}

func (d Delivery) tooOld(now time.Time) bool {
	since := d.Content.Since
	if since.IsZero() { // its try began before there was such a time
		since = d.CreatedAt
	}
	return now.Sub(since) > giveUp
}

func (d Delivery) ended(s State, why string, now time.Time) Delivery {
	d.State, d.Reason, d.EndedAt, d.LeaseUntil = s, why, now, time.Time{}
	return d
}

// alt is what the k-th upload shows, in words; "" when nobody has said.
func (c Content) alt(k int) string {
	if k < len(c.Alts) {
		return c.Alts[k]
	}
	return ""
}

// newKey makes a key that sorts by time: 53 bits of microseconds and 10 of chance. No two of this node are of one microsecond, however many are made in it.
func (s *Service) newKey(now time.Time) string {
	s.mu.Lock()
	s.lastKey = max(now.UnixMicro(), s.lastKey+1)
	at := s.lastKey
	s.mu.Unlock()
	var b [2]byte
	_, _ = rand.Read(b[:]) // it never fails
	return channel.Key(uint64(at)<<10 | uint64(binary.BigEndian.Uint16(b[:])&1023))
}
