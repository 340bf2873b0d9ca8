package email_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/channel/email"
	"switchboard/internal/sim/far"

	sim "switchboard/internal/sim/email"
)

var ann = channel.Identity{RemoteID: "ann@far.example", Handle: "ann@far.example", Name: "Ann"}

// mailFrom puts a mail of Ann's into the inbox.
func (p *provider) mailFrom(clock *channeltest.Clock, text string) (raw []byte) {
	p.t.Helper()
	p.n++
	clock.Advance(time.Second)
	raw, err := sim.Letter{ID: fmt.Sprintf("x%d@far.example", p.n), From: ann.RemoteID, Name: "Ann", To: p.Address, Subject: "A question", Text: text}.Write(p.Server)
	if err == nil {
		err = p.Deliver(raw)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return raw
}

// all fetches until there is no more.
func all(t testing.TB, c channel.Conn, cursor string) (events []channel.Event, next string) {
	t.Helper()
	for range 200 {
		p, err := c.(channel.Fetcher).Fetch(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		events, cursor = append(events, p.Events...), p.Next
		if !p.More {
			return events, cursor
		}
	}
	t.Fatal("there is always more")
	return nil, ""
}

func texts(events []channel.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.Message.Text)
	}
	return out
}

func TestTheFirstLookTakesTheNewestFewAndThenOnlyWhatIsNew(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	for k := range 50 {
		p.mailFrom(clock, fmt.Sprintf("old %d", k))
	}
	c := p.open(clock)
	events, cursor := all(t, c, "")
	if len(events) != 20 || events[19].Message.Text != "old 49" {
		t.Fatalf("the first look gives %v", texts(events))
	}
	for range 3 { // last+1:* gives the last mail when there is nothing new
		if events, cursor = all(t, c, cursor); len(events) != 0 {
			t.Fatalf("nothing is new, and it gives %v", texts(events))
		}
	}
	p.mailFrom(clock, "new")
	if events, _ = all(t, c, cursor); len(events) != 1 || events[0].Message.Text != "new" {
		t.Fatalf("one is new, and it gives %v", texts(events))
	}
	if _, err := c.(channel.Fetcher).Fetch(t.Context(), "nonsense"); err == nil {
		t.Error("a cursor that is none was taken")
	}
}

func TestARenumberedMailboxIsReadAgainAndSkipsNothing(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	for k := range 30 {
		p.mailFrom(clock, fmt.Sprintf("weeks old %d", k))
	}
	clock.Advance(30 * 24 * time.Hour)
	p.mailFrom(clock, "known")
	c := p.open(clock)
	before, cursor := all(t, c, "")
	clock.Advance(time.Hour)
	p.mailFrom(clock, "came while it was renumbered")
	if err := p.Renumber([]byte("From: x@far.example\r\nMessage-ID: <first@far.example>\r\n\r\nbrought in\r\n")); err != nil {
		t.Fatal(err)
	}
	events, cursor := all(t, c, cursor)
	got := strings.Join(texts(events), "|")
	if !strings.Contains(got, "came while it was renumbered") || !strings.Contains(got, "brought in") {
		t.Errorf("skipped: %s", got)
	}
	known := map[string]bool{}
	for _, e := range before {
		known[e.RemoteID] = true
	}
	fresh := 0
	for _, e := range events {
		if !known[e.RemoteID] && !strings.HasPrefix(e.Message.Text, "weeks old") {
			fresh++
		}
	}
	if fresh != 2 {
		t.Errorf("%d mails are new to the store; want 2: %s", fresh, got)
	}
	if events, _ = all(t, c, cursor); len(events) != 0 {
		t.Errorf("read once more: %v", texts(events))
	}
}

func TestAMailThatIsNotHandedOutStopsNoOther(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false, func(s *sim.Server) { s.Withheld = 3 })
	c := p.open(clock)
	_, cursor := all(t, c, "")
	for k := range 7 {
		p.mailFrom(clock, fmt.Sprint("number ", k))
	}
	events, cursor := all(t, c, cursor)
	if len(events) != 7 || events[6].Message.Text != "number 6" {
		t.Fatalf("of 7 mails came %v", texts(events))
	}
	if m := events[2].Message; m.Text != "" || len(m.Doubts) != 1 || !m.Automatic {
		t.Errorf("of the one that is withheld is told %+v", m)
	}
	if events, _ = all(t, c, cursor); len(events) != 0 {
		t.Errorf("they come again: %v", texts(events))
	}
}

func TestASentFolderThatIsShutDoesNotMakeUsDeaf(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true)
	p.Shut(sim.Sent)
	c := p.open(clock)
	_, cursor := all(t, c, "")
	p.mailFrom(clock, "do you hear me?")
	events, cursor := all(t, c, cursor)
	if len(events) != 1 || events[0].Message.Text != "do you hear me?" {
		t.Fatalf("came %v", texts(events))
	}
	profile, err := c.Check(t.Context())
	if err != nil || !strings.Contains(profile.Note, "Sent messages can't be read (it says: Access denied)") {
		t.Errorf("Check says %q, %v", profile.Note, err)
	}
	p.mailFrom(clock, "and now?")
	if err := p.KeepSent([]byte("From: help@acme.example\r\nTo: ann@far.example\r\nMessage-ID: <ours@acme.example>\r\n\r\nYes.\r\n")); err != nil {
		t.Fatal(err)
	}
	p.Shut("")
	if events, _ = all(t, c, cursor); len(events) != 2 {
		t.Errorf("when it is open again came %v", texts(events))
	}
	if profile, err := c.Check(t.Context()); err != nil || profile.Note != "" {
		t.Errorf("then Check says %q, %v", profile.Note, err)
	}
}

// slowLine reads a few kilobytes a millisecond, and counts them.
type slowLine struct {
	net.Conn
	read *atomic.Int64
}

func (l slowLine) Read(b []byte) (int, error) {
	time.Sleep(4 * time.Millisecond)
	n, err := l.Conn.Read(b[:min(len(b), 16<<10)])
	l.read.Add(int64(n))
	return n, err
}

func TestOverASlowLineEveryMailArrives(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	_, cursor := all(t, p.open(clock), "")
	var read atomic.Int64
	c, err := email.Quick(email.New(channel.Net{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		l, err := new(net.Dialer).DialContext(ctx, network, address)
		return slowLine{l, &read}, err
	}}), nil).Open(channel.Opening{Settings: p.Settings(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	size := 0
	for k, n := range []int{1 << 10, 3 << 20, 1 << 10, 500 << 10, 500 << 10, 500 << 10, 1 << 20} {
		text := fmt.Sprint("number ", k)
		raw := p.mailFrom(clock, text+"\n\n-- \n"+strings.Repeat(strings.Repeat("x", 70)+"\n", n/71))
		want, size = append(want, text), size+len(raw)
	}
	var got []string
	tries := 0
	for ; len(got) < len(want) && tries < 200; tries++ {
		ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond) // the largest takes at least twice that
		page, err := c.(channel.Fetcher).Fetch(ctx, cursor)
		stop()
		if err == nil {
			for _, e := range page.Events {
				text, _, _ := strings.Cut(e.Message.Text, "\n")
				got = append(got, text)
			}
			cursor = page.Next
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %d tries came %q", tries, got)
	}
	if n := int(read.Load()); n > size*3/2+tries*64<<10 {
		t.Errorf("%d bytes were read, of mails with %d", n, size)
	}
}

func TestOfAHugeMailTheBeginningIsRead(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	c := p.open(clock)
	_, cursor := all(t, c, "")
	huge := "From: ann@far.example\r\nMessage-ID: <huge@far.example>\r\nContent-Type: multipart/mixed; boundary=p\r\n\r\n--p\r\n\r\nsee the film\r\n" +
		"--p\r\nContent-Type: video/mp4\r\nContent-Disposition: attachment; filename=film.mp4\r\n\r\n" + strings.Repeat("0123456789abcde\n", 18<<20/16) + "\r\n--p--\r\n"
	if err := p.Deliver([]byte(huge)); err != nil {
		t.Fatal(err)
	}
	p.mailFrom(clock, "after it")
	events, _ := all(t, c, cursor)
	if len(events) != 2 || events[0].Message.Text != "see the film" || events[1].Message.Text != "after it" {
		t.Fatalf("came %v", texts(events))
	}
	m := events[0].Message
	if len(m.Media) != 1 || m.Media[0].Body != nil || m.Media[0].Name != "film.mp4" || !strings.Contains(strings.Join(m.Doubts, " "), "only its beginning was read") {
		t.Errorf("%d files, doubts %q", len(m.Media), m.Doubts)
	}
	if len(events[0].Raw) > 3<<20 {
		t.Errorf("%d bytes of it are kept as they came", len(events[0].Raw))
	}
}

func TestBadWeatherAtTheMailboxLosesNothing(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true)
	c := p.open(clock)
	_, cursor := all(t, c, "")
	huge := "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\nT1 OK done\r\n* 1 FETCH (UID 1 BODY[] {99999999999}\r\n"
	for name, x := range map[string]struct {
		fault far.Fault
		short bool // only the caller's patience ends it
		deed  channel.Deed
	}{
		"closed at once":      {far.Fault{Do: far.RefusedClosed}, false, channel.Again},
		"reset":               {far.Fault{Do: far.LostReset}, false, channel.Again},
		"cut in half":         {far.Fault{Do: far.CutAnswer}, false, channel.Again},
		"a page in HTML":      {far.Fault{Do: far.Html200}, false, channel.Again},
		"without an end":      {far.Fault{Do: far.Big}, false, channel.Again},
		"a byte a second":     {far.Fault{Do: far.Slow}, true, channel.Again},
		"no answer":           {far.Fault{Do: far.Hang}, true, channel.Again},
		"too many at once":    {far.Fault{Do: far.TooMany}, false, channel.Again},
		"down for the moment": {far.Fault{Do: far.ServerError}, false, channel.Again},
		"a dead password":     {far.Fault{Do: far.Unauthorized}, false, channel.Reconnect},
		"a farewell":          {far.Fault{Do: far.Answer, Body: []byte("* BYE [UNAVAILABLE] later\r\n")}, false, channel.Again},
		"not a word of IMAP":  {far.Fault{Do: far.Answer, Body: []byte("\x00\xff\x01{}()[]\r\n\r\n\r\n")}, false, channel.Again},
		"a literal of 100 GB": {far.Fault{Do: far.Answer, Body: []byte(huge)}, false, channel.Again},
		"lists within lists":  {far.Fault{Do: far.Answer, Body: []byte("* OK hi\r\n* LIST " + strings.Repeat("(", 1<<20) + "\r\n")}, false, channel.Again},
	} {
		t.Run(name, func(t *testing.T) {
			p.mailFrom(clock, strings.Repeat("said in bad weather. ", 200)+name)
			p.Faults().Set(x.fault)
			limit := 30 * time.Second
			if x.short {
				limit = 200 * time.Millisecond
			}
			ctx, stop := context.WithTimeout(t.Context(), limit)
			defer stop()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := c.(channel.Fetcher).Fetch(ctx, cursor)
			runtime.ReadMemStats(&after)
			tr := channel.TroubleOf(err)
			if err == nil || tr.Deed != x.deed || tr.Unclear || tr.Message == "" {
				t.Errorf("Fetch gives %v; want a clear %s", err, x.deed)
			}
			if ctx.Err() != nil && !x.short {
				t.Error("it did not end by itself")
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 60 {
				t.Errorf("it took %d MB", used)
			}
			if _, found, err := c.(channel.Finder).Find(ctx, channel.Outgoing{Key: "abcdefgh22345", Text: "x", Subject: "y", To: []channel.Identity{ann}}); err == nil && x.fault.Do != far.CutAnswer {
				t.Errorf("Find is sure of it in such weather: %v", found)
			}
			p.Faults().Clear()
			events, next := all(t, c, cursor)
			if len(events) != 1 || !strings.HasSuffix(events[0].Message.Text, name) {
				t.Errorf("when it is good again: %d mails", len(events))
			}
			cursor = next
		})
	}
}

// Faults names the stand-in's faults as the suite does.
func (p *provider) Faults() *far.Faults { return &p.Server.Faults }

func TestWhatWasNotTakenGoesOutOnceAfterAll(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true)
	c := p.open(clock).(box)
	for k, x := range []struct {
		fault   far.Fault
		unclear bool
		deed    channel.Deed
	}{
		{far.Fault{Do: far.RefusedClosed}, false, channel.Again},
		{far.Fault{Do: far.Html200}, false, channel.Again},
		{far.Fault{Do: far.Big}, false, channel.Again},
		{far.Fault{Do: far.ServerError}, false, channel.Again}, // 451
		{far.Fault{Do: far.TooMany}, false, channel.Again},     // 450
		{far.Fault{Do: far.Answer, Status: 421}, false, channel.Again},
		{far.Fault{Do: far.Answer, Status: 452}, false, channel.Again},
		{far.Fault{Do: far.Answer, Status: 550}, false, channel.Fix},
		{far.Fault{Do: far.Unauthorized}, false, channel.Reconnect}, // 535
		{far.Fault{Do: far.Hang}, true, channel.Again},
	} {
		t.Run(fmt.Sprint(x.fault.Do, x.fault.Status), func(t *testing.T) {
			o := channel.Outgoing{Key: fmt.Sprintf("abcdefgh2234%d", k), Text: fmt.Sprint("after all ", k), Subject: "News", To: []channel.Identity{ann}}
			x.fault.On = far.Send
			p.Faults().Set(x.fault)
			ctx, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
			_, err := c.Publish(ctx, o)
			stop()
			p.Faults().Clear()
			tr := channel.TroubleOf(err)
			if err == nil || tr.Deed != x.deed || tr.Unclear != x.unclear || tr.Message == "" {
				t.Fatalf("gives %v, unclear=%v; want %s, unclear=%v", err, tr.Unclear, x.deed, x.unclear)
			}
			if _, there, err := c.Find(t.Context(), o); there || err != nil {
				t.Fatalf("Find = %v, %v; want that it is surely not there", there, err)
			}
			before := p.Record.Len()
			if _, err := c.Publish(t.Context(), o); err != nil || p.Record.Len() != before+1 {
				t.Fatalf("then: %v, %d went out", err, p.Record.Len()-before)
			}
		})
	}
}

// An answer to all in a mail is one mail, which every one of them gets; ours are none of them.
func TestEverybodyInAMailIsAnswered(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	raw, err := sim.Letter{ID: "x1@far.example", From: ann.RemoteID, Name: "Ann", To: p.Address, Subject: "A question", Text: "hello",
		Cc: []string{"Ben Noë <Ben@far.example>", "HELP@acme.example", "<cleo@other.example>"}}.Write(p.Server)
	if err == nil {
		err = p.Deliver(raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := p.open(clock).(box)
	events, _ := all(t, c, "")
	m := events[0].Message
	if len(m.To) != 2 || m.To[0] != (channel.Identity{RemoteID: "ben@far.example", Handle: "Ben@far.example", Name: "Ben Noë"}) || m.To[1].RemoteID != "cleo@other.example" {
		t.Fatalf("in the mail are %+v", m.To)
	}
	if own := c.Addresses(); !slices.Contains(own, p.Address) {
		t.Errorf("our addresses are %v", own)
	}
	o := channel.Outgoing{Key: "abcdefgh22345", Text: "Dear all", Subject: m.Subject, To: append([]channel.Identity{m.From}, m.To...),
		Parent: &channel.Parent{RemoteID: m.RemoteID, ThreadID: m.ThreadID, From: m.From, To: m.To, Subject: m.Subject, Private: true, Memo: m.Memo}}
	receipt, err := c.Reply(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	out := p.Record.Entries()
	if len(out) != 1 || out[0].To != "ann@far.example, Ben@far.example, cleo@other.example" {
		t.Errorf("it went out as %+v", out)
	}
	head, _, _ := strings.Cut(string(p.Taken()[0]), "\r\n\r\n")
	head = strings.ReplaceAll(head, "\r\n ", " ")
	for _, line := range []string{"To: \"Ann\" <ann@far.example>", "Cc: =?utf-8?q?Ben_No=C3=AB?= <Ben@far.example>, <cleo@other.example>"} {
		if !strings.Contains(head, "\r\n"+line) {
			t.Errorf("there is no line %q in\n%s", line, head)
		}
	}
	if found, there, err := c.Find(t.Context(), o); err != nil || !there || found.RemoteID != receipt.RemoteID {
		t.Errorf("Find = %+v, %v, %v", found, there, err)
	}
}

// Of a mail that not everybody can have, nobody gets anything, and all who can't are named: so it can be written again without them.
func TestAMailThatNotAllCanHaveGoesToNobody(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true, func(s *sim.Server) { s.Unknown = []string{"ben@far.example", "dan@far.example"} })
	c := p.open(clock).(box)
	o := channel.Outgoing{Key: "abcdefgh22345", Text: "Dear all", Subject: "News", To: []channel.Identity{ann}}
	for _, name := range []string{"ben", "cleo", "dan"} {
		o.To = append(o.To, channel.Identity{RemoteID: name + "@far.example", Handle: name + "@far.example"})
	}
	_, err := c.Publish(t.Context(), o)
	tr := channel.TroubleOf(err)
	if err == nil || tr.Deed != channel.Fix || tr.Unclear || !strings.Contains(tr.Message, "ben@far.example, dan@far.example (it says: No such user here)") {
		t.Errorf("it says %v", err)
	}
	if p.Record.Len() != 0 {
		t.Errorf("%d went out", p.Record.Len())
	}
	if _, there, err := c.Find(t.Context(), o); there || err != nil {
		t.Errorf("Find = %v, %v; want that it is surely not there", there, err)
	}
}

func TestWhereNoProofCanBeFindSaysSo(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false) // we keep the copies ourselves
	o := channel.Outgoing{Key: "abcdefgh22345", Text: "hello", Subject: "News", To: []channel.Identity{ann}}
	c := p.open(clock).(box)
	if _, there, err := c.Find(t.Context(), o); err == nil || there {
		t.Errorf("before the sending: %v, %v; want that nobody can tell", there, err)
	}
	receipt, err := c.Publish(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if found, there, err := c.Find(t.Context(), o); err != nil || !there || found.RemoteID != receipt.RemoteID || found.ThreadID != receipt.ThreadID {
		t.Errorf("after it: %+v, %v, %v; want %+v", found, there, err, receipt)
	}
	events, _ := all(t, c, "")
	if len(events) != 1 || !events[0].Message.Own || events[0].RemoteID != receipt.RemoteID || events[0].Message.ThreadID != receipt.ThreadID {
		t.Errorf("the copy comes back as %+v", events)
	}
	none := strings.Replace(string(p.Settings()), `"save"`, `"none"`, 1)
	blind, err := connector().Open(channel.Opening{Settings: json.RawMessage(none), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, there, err := blind.(box).Find(t.Context(), o); err == nil || there {
		t.Errorf("without copies: %v, %v; want that nobody can tell", there, err)
	}
}

func TestACopyThatCannotBeKeptDoesNotFailTheSending(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	p.Faults().Set(far.Fault{On: far.Read, Do: far.RefusedClosed})
	o := channel.Outgoing{Key: "abcdefgh22345", Text: "hello", Subject: "News", To: []channel.Identity{ann}}
	if _, err := p.open(clock).(box).Publish(t.Context(), o); err != nil || p.Record.Len() != 1 {
		t.Errorf("%v, %d went out", err, p.Record.Len())
	}
}

func TestWithoutIdleItAsks(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false, func(s *sim.Server) { s.NoIdle = true })
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	rang := make(chan bool, 100)
	up := make(chan bool, 1)
	end := make(chan error, 1)
	go func() {
		end <- p.open(clock).(box).Stream(ctx, func() { up <- true }, func(_ context.Context, e []channel.Event) error { rang <- len(e) == 0; return nil })
	}()
	<-up
	p.mailFrom(clock, "hello")
	select {
	case <-rang:
	case err := <-end:
		t.Fatal(err)
	}
	stop()
	if err := <-end; err == nil {
		t.Error("Stream ends without a word of why")
	}
}

func TestAStreamOutlivesItsIdles(t *testing.T) { // the connector of the tests renews after 50 ms
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	rang := make(chan bool, 100)
	up := make(chan bool, 1)
	go func() {
		_ = p.open(clock).(box).Stream(ctx, func() { up <- true }, func(context.Context, []channel.Event) error { rang <- true; return nil })
	}()
	<-up
	for range 3 {
		time.Sleep(120 * time.Millisecond)
		p.mailFrom(clock, "hello")
		select {
		case <-rang:
		case <-ctx.Done():
			t.Fatal("it heard nothing after a renewal")
		}
	}
}

// certified is a TLS certificate for host, and who vouches for it.
func certified(t *testing.T, host string, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, DNSNames: []string{host}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// veil stands before a plain server and speaks TLS.
func veil(t *testing.T, cert tls.Certificate, port int) (at string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
			if err != nil {
				_ = in.Close()
				continue
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
	return l.Addr().String()
}

func TestACertificateThatIsNotGoodEndsIt(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	var s map[string]any
	if err := json.Unmarshal(p.Settings(), &s); err != nil {
		t.Fatal(err)
	}
	imapPort := int(s["imap_port"].(float64))
	var smtpPort int
	if _, err := fmt.Sscan(s["smtp_port"].(string), &smtpPort); err != nil {
		t.Fatal(err)
	}
	tomorrow, yesterday := time.Now().Add(24*time.Hour), time.Now().Add(-24*time.Hour)
	for name, x := range map[string]struct {
		host  string
		until time.Time
		known bool
		ok    bool
	}{
		"a good one":       {"mail.acme.example", tomorrow, true, true},
		"nobody's":         {"mail.acme.example", tomorrow, false, false},
		"another name's":   {"mail.evil.example", tomorrow, true, false},
		"one of last year": {"mail.acme.example", yesterday, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			cert, roots := certified(t, x.host, x.until)
			if !x.known {
				roots = x509.NewCertPool()
			}
			doors := map[string]string{"993": veil(t, cert, imapPort), "465": veil(t, cert, smtpPort)}
			k := email.Quick(email.New(channel.Net{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, _ := net.SplitHostPort(address)
				return new(net.Dialer).DialContext(ctx, network, doors[port])
			}}), roots)
			c, err := k.Open(channel.Opening{Now: clock.Now, Settings: json.RawMessage(
				`{"address":"help@acme.example","password":"secret","imap_host":"mail.acme.example","smtp_host":"mail.acme.example"}`)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Check(t.Context())
			if x.ok && err != nil {
				t.Errorf("Check: %v", err)
			}
			if tr := channel.TroubleOf(err); !x.ok && (err == nil || tr.Deed != channel.Reconnect || !strings.Contains(tr.Message, "certificate")) {
				t.Errorf("Check = %v; want that the certificate is not good", err)
			}
			_, err = c.(box).Publish(t.Context(), channel.Outgoing{Key: "abcdefgh22345", Text: "x", Subject: "y", To: []channel.Identity{ann}})
			if x.ok != (err == nil) {
				t.Errorf("Publish: %v", err)
			}
		})
	}
}

func TestNoPasswordLeavesWithoutEncryption(t *testing.T) {
	for _, proto := range []string{"imap", "smtp"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan string, 10)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() { // a server that would take a password, but knows no STARTTLS
					_ = c.SetDeadline(time.Now().Add(5 * time.Second))
					if proto == "imap" {
						_, _ = io.WriteString(c, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
					} else {
						_, _ = io.WriteString(c, "220 hi\r\n250-hi\r\n250 AUTH PLAIN\r\n")
					}
					var all strings.Builder
					b := make([]byte, 1000)
					for {
						n, err := c.Read(b)
						all.Write(b[:n])
						if err != nil {
							break
						}
						if proto == "imap" && strings.Contains(all.String(), "STARTTLS") {
							_, _ = io.WriteString(c, "T1 BAD what\r\nT2 BAD what\r\n")
						}
					}
					heard <- all.String()
				}()
			}
		}()
		k := email.Quick(email.New(channel.Net{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
		}}), nil)
		c, err := k.Open(channel.Opening{Now: time.Now, Settings: json.RawMessage(`{"address":"help@acme.example","password":"secret-word",
			"imap_host":"mail.acme.example","smtp_host":"mail.acme.example","imap_security":"starttls","smtp_security":"starttls","copies":"none"}`)})
		if err != nil {
			t.Fatal(err)
		}
		if proto == "imap" {
			_, err = c.Check(t.Context())
		} else {
			_, err = c.(box).Publish(t.Context(), channel.Outgoing{Key: "abcdefgh22345", Text: "x", Subject: "y", To: []channel.Identity{ann}})
		}
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Reconnect {
			t.Errorf("%s: %v; want Reconnect", proto, err)
		}
		if got := <-heard; strings.Contains(got, "secret-word") || strings.Contains(got, "AUTH") || strings.Contains(got, "LOGIN") {
			t.Errorf("%s heard %q", proto, got)
		}
		_ = l.Close()
	}
}

// A server that looks long at a whole mail before it says yes has sent it, once; one that is silent for longer leaves a doubt.
func TestAServerThatScansAMailIsWaitedFor(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true)
	k := email.Patient(connector(), 400*time.Millisecond, 4*time.Second)
	c, err := k.Open(channel.Opening{Settings: p.Settings(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	p.Faults().Set(far.Fault{On: far.Send, Do: far.LateAnswer, After: time.Second, Times: 1})
	before := p.Record.Len()
	if _, err := c.(channel.Publisher).Publish(t.Context(), channel.Outgoing{Key: "abcdefgh2234z", Text: "scanned", Subject: "News", To: []channel.Identity{ann}}); err != nil || p.Record.Len() != before+1 {
		t.Errorf("scanned for a second: %v, %d went out", err, p.Record.Len()-before)
	}
	p.Faults().Set(far.Fault{On: far.Send, Do: far.LateAnswer, Times: 1})
	c, err = email.Patient(connector(), 400*time.Millisecond, 800*time.Millisecond).Open(channel.Opening{Settings: p.Settings(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.(channel.Publisher).Publish(t.Context(), channel.Outgoing{Key: "abcdefgh2235z", Text: "scanned for ever", Subject: "News", To: []channel.Identity{ann}})
	if tr := channel.TroubleOf(err); err == nil || !tr.Unclear {
		t.Errorf("scanned for ever: %v; want a doubt", err)
	}
}
