package far

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Do is what goes wrong.
type Do string

const (
	// Not taken: the far side did nothing.

	TooMany       Do = "too many"       // 429 with Retry-After
	TooManyBare   Do = "too many, bare" // 429 without a word on how long
	Unauthorized  Do = "unauthorized"   // 401
	ServerError   Do = "server error"   // 500, or Status
	Answer        Do = "answer"         // Status, Header and Body, word for word
	Hang          Do = "hang"           // no answer until the caller goes, or After
	RefusedClosed Do = "refused closed" // the connection is closed without an answer

	// Taken: the far side did what was asked, and only the answer is spoilt.

	CutAnswer        Do = "cut answer"         // half of the answer, then the connection is closed
	LostAnswer       Do = "lost answer"        // the connection is closed without an answer
	LostReset        Do = "lost reset"         // the connection is reset
	LateAnswer       Do = "late answer"        // no answer until the caller goes; after After the true one
	TakenServerError Do = "taken server error" // 503, or Status
	TakenTooMany     Do = "taken too many"     // 429

	// The answer is odd.

	Html200 Do = "html 200" // a page in HTML with status 200, as a captive portal or a tired proxy gives
	Slow    Do = "slow"     // the true answer, a byte a second
	Big     Do = "big"      // a body that does not end
	Garble  Do = "garble"   // the true answer, each Broken in it replaced by bytes that are not UTF-8

	// The order of events is odd. The stand-in asks Disturb.

	Duplicate Do = "duplicate" // each event 1 to 5 times
	Reorder   Do = "reorder"   // events shuffled
)

// Broken is the mark that Garble replaces by bytes that are not UTF-8.
const Broken = "~broken~"

// Lost are the faults by which a write is taken and the caller cannot know it.
var Lost = []Do{CutAnswer, LostAnswer, LostReset, LateAnswer, TakenServerError, TakenTooMany}

// Which calls a fault is about; a path ("/api/v1/statuses") or a method and a path is the third way to say it.
const (
	Send   = "send"
	Read   = "read"
	Stream = "stream"
)

// Fault is something that goes wrong at a far side.
type Fault struct {
	On     string        // Send, Read, Stream, "/path" or "METHOD /path"; "" is everything
	Do     Do            //
	Times  int           // how many calls it spoils; 0: all until Clear
	After  time.Duration // see Hang and LateAnswer; 0: never
	Status int           // instead of the usual one
	Header http.Header   // beside or instead of the usual ones; an empty list takes one away
	Body   []byte        // instead of the usual one

	Fresh func() http.Header // what Header says, made when it is answered: a date
}

// Faults are the faults a stand-in has now. The zero Faults is none; several goroutines may use it.
type Faults struct {
	// Class says what a call is: Send, Read or Stream. nil: GET and HEAD are Read, the rest is Send.
	Class func(*http.Request) string
	// Usual is how this far side words a fault (its own JSON for a 401). A Fault's own fields go before it.
	Usual map[Do]Fault

	mu    sync.Mutex
	list  []Fault
	calls map[string]int
	free  chan struct{} // closed by Clear: whoever hangs goes on
}

// Set adds a fault. Those set earlier come first.
func (f *Faults) Set(x Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x.Times == 0 {
		x.Times = -1
	}
	f.list = append(f.list, x)
}

// Clear ends all faults; calls that hang are let go.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
	if f.free != nil {
		close(f.free)
		f.free = nil
	}
}

// Calls returns how many calls of a class came in, spoilt ones too; "" is all classes. It is how a test sees that nobody
// called while told to wait.
func (f *Faults) Calls(on string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if on != "" {
		return f.calls[on]
	}
	n := 0
	for _, c := range f.calls {
		n += c
	}
	return n
}

// Take counts a call of a class and returns the fault that is to spoil it, if one is: for stand-ins that do not speak HTTP.
// names are further names under which a fault may have been set.
func (f *Faults) Take(class string, names ...string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[class]++
	for k, x := range f.list {
		if x.Do == Duplicate || x.Do == Reorder {
			continue
		}
		if x.On != "" && x.On != class && !slices.Contains(names, x.On) {
			continue
		}
		if x.Times > 0 {
			if f.list[k].Times--; f.list[k].Times == 0 {
				f.list = slices.Delete(f.list, k, k+1)
			}
		}
		return f.worded(x), true
	}
	return Fault{}, false
}

// worded is x with this far side's usual words where x has none of its own.
func (f *Faults) worded(x Fault) Fault {
	u := f.Usual[x.Do]
	if x.Status == 0 {
		x.Status = u.Status
	}
	if x.Body == nil {
		x.Body = u.Body
	}
	if x.Header == nil {
		x.Header = u.Header
	}
	return x
}

// freed returns a channel that is closed by the next Clear.
func (f *Faults) freed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.free == nil {
		f.free = make(chan struct{})
	}
	return f.free
}

// Has reports whether a fault of this kind is set.
func (f *Faults) Has(do Do) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.list, func(x Fault) bool { return x.Do == do })
}

// Disturb returns events as they are to be delivered now: repeated while Duplicate is set, shuffled while Reorder is.
func Disturb[T any](f *Faults, events []T) []T {
	out := slices.Clone(events)
	if f.Has(Duplicate) {
		out = out[:0]
		for _, e := range events {
			for range 1 + rand.IntN(5) {
				out = append(out, e)
			}
		}
	}
	if f.Has(Reorder) {
		rand.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	}
	return out
}
