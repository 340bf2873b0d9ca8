package intake

import (
	"context"
	"errors"
	"hash/fnv"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/insight"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
	"switchboard/internal/triage"
)

// batch is what is known of the messages, contacts and conversations a few requests touch. It is read before the transaction,
// the conversations again inside it; events are applied to it one after the other in memory, and what changed is written at
// the end in few statements.
type batch struct {
	in       *Intake
	requests []*request
	judge    judge
	now      time.Time
	accounts map[account.ID]account.Account
	ours     map[string]bool

	assessed   map[*channel.Event]triage.Assessment
	parts      map[*channel.Event][]routing.Part
	messages   map[remote]*kept
	uris       map[string]*kept
	sightings  map[remote]desk.Sighting
	identities map[person2]*known
	contacts   map[contact.ID]*who
	cases      map[desk.Whose]*piece
	byID       map[desk.ConversationID]*piece
	words      map[desk.Whose][]desk.Word                         // what was said last in a conversation
	holds      func(staff.PersonID) (load, urgent int, err error) // asked in the transaction
	counted    map[staff.PersonID]bool                            // of whom that is known
	sending    map[desk.ConversationID]bool                       // an answer of ours is on its way out of them just now

	newMessages []*kept
	versions    []desk.Version
	edited      map[desk.MessageID]*kept
	media       []desk.Media
	replaced    map[desk.MessageID][]desk.Media
	raw         [][]any
	sighted     []desk.Sighting
	erased      []desk.MessageID
	bounced     []bounce
	entries     []journal.Entry
	verdicts    []insight.Verdict
	topics      []topic.On
	asked       []desk.Request
	seen        map[account.ID]time.Time
}

type remote struct {
	account account.ID
	id      string
}

type person2 struct{ channel, remoteID string }

// kept is a message in the batch. It is new, or was read and may have changed.
type kept struct {
	desk.Message
	fresh, changed bool
}

type known struct {
	contact.Identity
	fresh, changed, renamed bool
}

type who struct {
	contact.Contact
	fresh, changed bool
}

// piece is a conversation in the batch; was is the zero Conversation for a new one.
type piece struct{ was, is desk.Conversation }

type bounce struct {
	remote remote // our answer
	reason string
}

func (in *Intake) newBatch(ctx context.Context, list []*request) (*batch, error) {
	j, err := in.Brain.judge(ctx)
	if err != nil {
		return nil, err
	}
	b := &batch{in: in, requests: list, judge: j, now: in.Now(), accounts: map[account.ID]account.Account{}, assessed: map[*channel.Event]triage.Assessment{},
		parts:    map[*channel.Event][]routing.Part{},
		messages: map[remote]*kept{}, uris: map[string]*kept{}, sightings: map[remote]desk.Sighting{}, identities: map[person2]*known{},
		contacts: map[contact.ID]*who{}, cases: map[desk.Whose]*piece{}, byID: map[desk.ConversationID]*piece{}, words: map[desk.Whose][]desk.Word{},
		replaced: map[desk.MessageID][]desk.Media{}, edited: map[desk.MessageID]*kept{}, seen: map[account.ID]time.Time{}}
	for _, r := range list {
		b.accounts[r.account.ID] = r.account
		for k := range r.events {
			r.events[k] = clean(r.events[k], in.Now())
		}
	}
	all, err := account.All(ctx, in.Store.Read())
	if err != nil {
		return nil, err
	}
	b.ours = ours(all)
	if b.judge.guard, err = in.Brain.guarded(ctx, all); err != nil {
		return nil, err
	}
	if err := b.read(ctx, in.Store.Read()); err != nil {
		return nil, err
	}
	b.assess()
	return b, nil
}

// read finds what is known already.
func (b *batch) read(ctx context.Context, q store.Queryer) error {
	remotes, people := map[account.ID][]string{}, map[string][]string{}
	var uris []string
	for _, r := range b.requests {
		for _, e := range r.events {
			m := e.Message
			remotes[r.account.ID] = append(remotes[r.account.ID], e.RemoteID)
			if m.ParentID != "" {
				remotes[r.account.ID] = append(remotes[r.account.ID], m.ParentID)
			}
			if m.Bounce != "" {
				remotes[r.account.ID] = append(remotes[r.account.ID], m.Bounce)
			}
			if m.URI != "" {
				uris = append(uris, m.URI)
			}
			if m.ParentURI != "" {
				uris = append(uris, m.ParentURI)
			}
			if m.From.RemoteID != "" {
				people[r.account.Channel] = append(people[r.account.Channel], m.From.RemoteID)
			}
			for _, to := range m.To {
				if m.Own {
					people[r.account.Channel] = append(people[r.account.Channel], to.RemoteID)
				}
			}
		}
	}
	for a, ids := range remotes {
		ids = unique(ids)
		found, err := desk.MessagesByRemote(ctx, q, a, ids)
		if err != nil {
			return err
		}
		for id, m := range found {
			b.know(remote{a, id}, &kept{Message: m})
		}
		if len(found) == len(ids) {
			continue
		}
		sighted, err := desk.Sightings(ctx, q, a, ids)
		if err != nil {
			return err
		}
		for id, s := range sighted {
			b.sightings[remote{a, id}] = s
		}
	}
	found, err := desk.MessagesByURI(ctx, q, unique(uris))
	if err != nil {
		return err
	}
	for _, m := range found {
		if _, ok := b.uris[m.URI]; !ok {
			b.know(remote{m.Account, m.RemoteID}, &kept{Message: m})
		}
	}
	if err := b.readPeople(ctx, q, people); err != nil {
		return err
	}
	return b.readWords(ctx, q)
}

// know puts a message that was read into the batch, once however it was found.
func (b *batch) know(k remote, m *kept) {
	if m.URI != "" {
		if old, ok := b.uris[m.URI]; ok {
			m = old
		} else {
			b.uris[m.URI] = m
		}
	}
	b.messages[k] = m
	b.messages[remote{m.Account, m.RemoteID}] = m
}

func (b *batch) readPeople(ctx context.Context, q store.Queryer, people map[string][]string) error {
	var ids []contact.ID
	for ch, list := range people {
		found, err := contact.Known(ctx, q, ch, unique(list))
		if err != nil {
			return err
		}
		for _, i := range found {
			b.identities[person2{ch, i.RemoteID}] = &known{Identity: i}
			ids = append(ids, i.Contact)
		}
	}
	found, err := contact.Contacts(ctx, q, unique(ids))
	for _, c := range found {
		b.contacts[c.ID] = &who{Contact: c}
	}
	return err
}

// assess runs triage on everything that was said to us, on all cores, before the transaction.
func (b *batch) assess() {
	var work []func()
	var mu sync.Mutex
	for _, r := range b.requests {
		for k := range r.events {
			e := &r.events[k]
			if e.Kind == channel.Deleted || e.Message.Own {
				continue
			}
			in, from := b.input(r.account, e.Message), e.Message.From
			ch := r.account.Channel
			work = append(work, func() {
				a := b.judge.assess(in)
				if !b.ours[ch+"\x00"+from.RemoteID] {
					a = b.judge.suspect(a, ch, from)
				}
				parts := partsOf(b.judge, in, a)
				mu.Lock()
				b.assessed[e] = a
				if len(parts) > 0 {
					b.parts[e] = parts
				}
				mu.Unlock()
			})
		}
	}
	if len(work) < 4 {
		for _, f := range work {
			f()
		}
		return
	}
	var wg sync.WaitGroup
	n := min(runtime.GOMAXPROCS(0), len(work))
	for w := range n {
		wg.Go(func() {
			for k := w; k < len(work); k += n {
				work[k]()
			}
		})
	}
	wg.Wait()
}

func (b *batch) input(a account.Account, m channel.Message) triage.Input {
	in := triage.Input{Text: m.Text, Subject: m.Subject, Warning: m.Warning, Lang: m.Lang, Kind: string(m.Kind), Private: m.Private,
		Followers: m.From.Followers, Bot: m.From.Bot, Automatic: m.Automatic, Rating: m.Rating, At: m.At}
	if i, ok := b.identities[person2{a.Channel, m.From.RemoteID}]; ok {
		if c, ok := b.contacts[i.Contact]; ok {
			in.Earlier, in.Standings = c.Language, c.Standings
		}
	}
	in.Thread = b.before(a.ID, m)
	return in
}

func (b *batch) parent(a account.ID, m channel.Message) *kept {
	if m.ParentID != "" {
		if p, ok := b.messages[remote{a, m.ParentID}]; ok {
			return p
		}
	}
	if m.ParentURI != "" {
		return b.uris[m.ParentURI]
	}
	return nil
}

// run applies the batch in tx and writes it. It may run again after a standoff, so it starts from what was read.
func (b *batch) run(ctx context.Context, tx *store.Tx) error {
	if b.newMessages != nil || b.entries != nil {
		fresh, err := b.in.newBatch(ctx, b.requests)
		if err != nil {
			return err
		}
		*b = *fresh
	}
	if err := b.holdPeople(ctx, tx); err != nil {
		return err
	}
	if err := b.readCases(ctx, tx); err != nil {
		return err
	}
	b.counted = map[staff.PersonID]bool{}
	b.holds = func(p staff.PersonID) (int, int, error) {
		if len(b.counted) == 0 {
			if err := alone(ctx, tx); err != nil {
				return 0, 0, err
			}
		}
		return desk.HeldBy(ctx, tx, p)
	}
	for _, r := range b.requests {
		for k := range r.events {
			e := &r.events[k]
			err := guarded(*e, b.in.Log, func() error {
				if b.in.Failing != nil {
					if err := b.in.Failing(*e); err != nil {
						return err
					}
				}
				return b.apply(r, e)
			})
			if err != nil {
				return err
			}
		}
	}
	return b.write(ctx, tx)
}

// decide is the judge's decision. How much people have was counted up to a second ago: whom it would go to is counted once
// more, so that nobody gets more than they can hold, nor a second urgent one in passing.
func (b *batch) decide(c routing.Case) (desk.Decision, error) {
	for {
		d := b.judge.decide(c)
		if d.Person.IsZero() || b.counted[d.Person] {
			return d, nil
		}
		load, urgent, err := b.holds(d.Person)
		if err != nil {
			return d, err
		}
		b.counted[d.Person] = true
		b.judge.roster.Holds(d.Person.String(), load, urgent)
	}
}

// readCases reads the conversations that may be touched, locked: people work on them meanwhile.
func (b *batch) readCases(ctx context.Context, tx *store.Tx) error {
	var ids []desk.ConversationID
	var wanted []desk.Whose
	for _, r := range b.requests {
		for _, e := range r.events {
			for _, m := range []*kept{b.messages[remote{r.account.ID, e.RemoteID}], b.uris[e.Message.URI], b.parent(r.account.ID, e.Message), b.messages[remote{r.account.ID, e.Message.Bounce}]} {
				if m != nil && !m.Conversation.IsZero() {
					ids = append(ids, m.Conversation)
				}
			}
			if i, ok := b.identities[person2{r.account.Channel, e.Message.From.RemoteID}]; ok && e.Kind != channel.Deleted {
				wanted = append(wanted, b.whose(r.account.ID, i.Contact, e.Message))
			}
			for _, to := range e.Message.To {
				if i, ok := b.identities[person2{r.account.Channel, to.RemoteID}]; ok && e.Message.Own {
					wanted = append(wanted, desk.Whose{Contact: i.Contact, Account: r.account.ID, Thread: caseThread(e.Message)})
				}
			}
		}
	}
	found, err := desk.Find(ctx, tx, unique(wanted))
	if err != nil {
		return err
	}
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	list, err := desk.Load(ctx, tx, unique(ids))
	for _, c := range list {
		b.file(&piece{was: c, is: c})
	}
	b.follow(found)
	if err != nil || !b.anyOwn() {
		return err
	}
	b.sending, err = sending(ctx, tx, slices.Collect(maps.Keys(b.byID)))
	return err
}

func (b *batch) anyOwn() bool {
	return slices.ContainsFunc(b.requests, func(r *request) bool {
		return slices.ContainsFunc(r.events, func(e channel.Event) bool { return e.Message.Own })
	})
}

func (b *batch) file(p *piece) {
	b.byID[p.is.ID] = p
	if p.is.Beside.IsZero() {
		b.cases[desk.Whose{Contact: p.is.Contact, Account: p.is.Account, Thread: p.is.Thread}] = p
	}
}

// whose is the conversation a contact's message belongs to: what it answers, if that is known to be theirs, else its thread.
func (b *batch) whose(a account.ID, c contact.ID, m channel.Message) desk.Whose {
	w := desk.Whose{Contact: c, Account: a, Thread: caseThread(m)}
	if m.ThreadID == "" {
		if p := b.parent(a, m); p != nil && p.Private == m.Private {
			w.Account = p.Account
			w.Thread = threadKey(m.Private, p.Rest.Thread)
		}
	}
	return w
}

// caseThread keeps what is private apart from what is public, also in one thread of the channel.
func caseThread(m channel.Message) string { return threadKey(m.Private, desk.ThreadOf(m)) }

func threadKey(private bool, thread string) string {
	if private {
		return desk.PrivateThread(thread)
	}
	return thread
}

// clean makes an event fit to be kept: valid text without NUL, bounded, times that can be.
func clean(e channel.Event, now time.Time) channel.Event {
	m := &e.Message
	for _, s := range []*string{&e.RemoteID, &m.RemoteID, &m.URI, &m.Version, &m.ThreadID, &m.ParentID, &m.ParentURI, &m.Subject, &m.Text, &m.HTML,
		&m.Quoted, &m.Warning, &m.Lang, &m.URL, &m.Bounce, &m.From.RemoteID, &m.From.Handle, &m.From.Name, &m.From.URL, &m.From.Avatar} {
		*s = text(*s)
	}
	m.Text, m.HTML, m.Quoted, m.Subject = letters.Head(m.Text, 200_000), letters.Head(m.HTML, 1_000_000), letters.Head(m.Quoted, 200_000), letters.Head(m.Subject, 2000)
	if shut(m) {
		e.Raw = nil
	}
	if m.RemoteID == "" {
		m.RemoteID = e.RemoteID
	}
	if e.At.IsZero() || e.At.After(now.Add(time.Hour)) {
		e.At = now
	}
	if m.At.IsZero() {
		m.At = e.At
	}
	if m.At.After(now) {
		m.At = now // a date in the future is a clock that is wrong
	}
	if e.Kind == channel.Edited && m.EditedAt.IsZero() {
		m.EditedAt = e.At
	}
	return e
}

func text(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.ContainsRune(s, 0) {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return s
}

func unique[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(list, func(v T) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		return false
	})
}

// sampled says that a message which needs no answer is shown to a person all the same: one in twenty, always the same ones.
func sampled(remoteID string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(remoteID))
	return h.Sum32()%20 == 0
}

var errNobody = errors.New("it does not say who said it")
