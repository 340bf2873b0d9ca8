package load

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"switchboard/internal/fault"
)

// Options say what is driven, and how hard.
type Options struct {
	URL     string        // of the switchboard: http://127.0.0.1:8080
	Account string        // the id of an account of the hook channel
	Secret  string        // of that account
	Key     string        // an API key of somebody who sees everything; it only reads
	Client  *http.Client  // nil: one that keeps its connections. One that is signed in needs no Key
	Rate    int           // messages a second
	For     time.Duration // how long
	Settle  time.Duration // how long to wait for the last entries; 0: 10 s
	Now     func() time.Time
	Tell    func(format string, args ...any) // what to say meanwhile; nil: nothing
}

const (
	people   = 1000 // who write, in turn
	atOnce   = 256  // calls under way at a time; beyond it the driver waits, and the waiting counts
	callTime = 10 * time.Second
)

// drive is one run.
type drive struct {
	Options
	run     string // the mark of this run's messages
	mu      sync.Mutex
	due     []time.Time // of each message, by its number
	acked   []bool
	refused int
	why     string // of the first refusal
	heard   map[string]time.Time
	reloads int
	asks    sync.WaitGroup
}

// Drive drives load and reports what came of it. The context ends it early.
func Drive(ctx context.Context, o Options) (Report, error) {
	if err := o.check(); err != nil {
		return Report{}, err
	}
	d := &drive{Options: o, run: strings.ToLower(rand.Text()[:6]), heard: map[string]time.Time{}}
	listening, quiet := context.WithCancel(ctx)
	defer quiet()
	ready, over := make(chan error, 1), make(chan struct{})
	go func() {
		d.listen(listening, ready)
		close(over)
	}()
	if err := <-ready; err != nil {
		return Report{}, err
	}
	began := d.Now()
	d.send(ctx)
	took := d.Now().Sub(began)
	d.Tell("reading everything back …\n")
	there, err := d.readBack(ctx)
	if err != nil {
		return Report{}, err
	}
	d.settle(ctx, there)
	quiet()
	<-over
	d.asks.Wait()
	return d.report(there, took), nil
}

func (o *Options) check() error {
	if err := Here(o.URL); err != nil {
		return err
	}
	o.URL = strings.TrimRight(o.URL, "/")
	switch {
	case o.Rate < 1 || o.Rate > 100_000:
		return fault.In("rate", "messages a second: from 1 to 100000")
	case o.For < time.Second || o.For > 24*time.Hour:
		return fault.In("for", "how long: from a second to a day")
	case o.Account == "" || o.Secret == "":
		return fault.In("account", "name an account of the hook channel, and its secret")
	}
	if o.Client == nil {
		o.Client = Client()
	}
	if o.Settle == 0 {
		o.Settle = 10 * time.Second
	}
	if o.Tell == nil {
		o.Tell = func(string, ...any) {}
	}
	return nil
}

// Client returns an HTTP client with as many connections as the driver needs.
func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, DisableCompression: true}}
}

// Here is nil when an address is one of this machine: load is driven nowhere else.
func Here(address string) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
	}
	return fault.In("url", "load is driven on this machine alone: give an address like http://127.0.0.1:8080")
}

// send sends each message when it is due, whatever became of those before it: a slow far side is not spared.
func (d *drive) send(ctx context.Context) {
	n := int(d.For.Seconds() * float64(d.Rate))
	step := time.Second / time.Duration(d.Rate)
	d.due, d.acked = make([]time.Time, n), make([]bool, n)
	var calls sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	began := d.Now()
	for k := range n {
		at := began.Add(time.Duration(k) * step)
		if pause := at.Sub(d.Now()); pause > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
		if ctx.Err() != nil {
			d.due, d.acked = d.due[:k], d.acked[:k]
			break
		}
		d.due[k] = at
		slots <- struct{}{}
		calls.Go(func() {
			defer func() { <-slots }()
			d.call(ctx, k)
		})
		if k > 0 && k%(d.Rate*10) == 0 {
			d.Tell("%d sent\n", k)
		}
	}
	calls.Wait()
}

// call brings one message.
func (d *drive) call(ctx context.Context, k int) {
	body, err := json.Marshal(map[string]any{"events": []any{map[string]any{"kind": "said", "message": message(d.run, k, d.Now())}}})
	if err != nil {
		panic(err) // our own types
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+"/hook/"+d.Account, bytes.NewReader(body))
	if err != nil {
		d.note(k, err)
		return
	}
	id, ts := rand.Text(), strconv.FormatInt(d.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Switchboard-Id", id)
	r.Header.Set("Switchboard-Timestamp", ts)
	r.Header.Set("Switchboard-Signature", "v1="+sign(d.Secret, id+"."+ts+"."+string(body)))
	a, err := d.Client.Do(r)
	if err != nil {
		d.note(k, err)
		return
	}
	text, _ := io.ReadAll(io.LimitReader(a.Body, 4096))
	_ = a.Body.Close()
	if a.StatusCode != http.StatusOK {
		err = fmt.Errorf("answered %d: %s", a.StatusCode, bytes.TrimSpace(text))
	}
	d.note(k, err)
}

func sign(secret, text string) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(h, text)
	return hex.EncodeToString(h.Sum(nil))
}

func (d *drive) note(k int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.acked[k] = true
		return
	}
	d.refused++
	if d.why == "" {
		d.why = err.Error()
	}
}

// settle waits until the feed has told of everything that is there, or it takes too long.
func (d *drive) settle(ctx context.Context, there map[int][]row) {
	for until := d.Now().Add(d.Settle); d.Now().Before(until) && ctx.Err() == nil && !d.told(there); {
		time.Sleep(50 * time.Millisecond)
	}
}

func (d *drive) told(there map[int][]row) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, rows := range there {
		if _, ok := d.heard[rows[0].ID]; !ok {
			return false
		}
	}
	return true
}

// get asks the API.
func (d *drive) get(ctx context.Context, path string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	a, err := d.ask(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = a.Body.Close() }()
	return json.NewDecoder(a.Body).Decode(into)
}

func (d *drive) ask(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+path, nil)
	if err != nil {
		return nil, err
	}
	if d.Key != "" {
		r.Header.Set("Authorization", "Bearer "+d.Key)
	}
	a, err := d.Client.Do(r)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "no switchboard answers at "+d.URL+": start one first", err)
	}
	if a.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(a.Body, 4096))
		_ = a.Body.Close()
		if a.StatusCode == http.StatusServiceUnavailable {
			return nil, fault.Wrap(fault.Unavailable, "the switchboard at "+d.URL+" is not ready: try again in a moment", errors.New(string(text)))
		}
		return nil, fault.Wrap(fault.Invalid, fmt.Sprintf("%s answered %d: the key must belong to somebody who sees everything", path, a.StatusCode), errors.New(string(text)))
	}
	return a, nil
}
