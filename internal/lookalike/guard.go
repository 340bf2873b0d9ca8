package lookalike

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Known is somebody whose handle others may make theirs look like.
type Known struct {
	Handle  string // as shown: "@acme_help", "@acme@social.example", "press@acme.example"
	Name    string // the display name, "" for none
	Channel string
	Own     bool // an account of ours; else a contact that staff know
}

// Match is whom a handle looks like.
type Match struct {
	Known
	How How
}

// How says in which way.
type How string

const (
	Same   How = "the same name"   // elsewhere than we are
	Letter How = "letters alike"   // other signs that look the same
	Typo   How = "one letter off"  //
	Added  How = "a word added"    // "_support", "official"
	Titled How = "the name shown"  // the display name is ours, whatever the handle
	Domain How = "the mail domain" // of an e-mail address
)

// How long a name must be to be looked for.
const (
	leastName  = 4 // whatever
	leastRoot  = 3 // ours, with a word added
	leastTypo  = 6 // with one letter off: shorter ones are words of their own
	leastOther = 8 // with one letter off, of a contact
)

// affixes are what is put before or behind a name to seem its owner, the longer ones first.
var affixes = func() []string {
	list := strings.Fields(`official verified legit real the hq app team global online agent admin desk contact chat care help helpdesk support service
	customersupport customerservice customercare assist assistance refund refunds claims billing security alerts verification recovery giveaway winner
	winners bonus oficial officiel offiziell ufficiale oficjalny
	hilfe kundenservice kundendienst kundenbetreuung erstattung rückerstattung beratung gewinnspiel
	aide serviceclient serviceclients clientele remboursement concours
	ayuda soporte atencion atencionalcliente cliente clientes reembolso reembolsos sorteo
	assistenza aiuto clienti servizioclienti rimborso rimborsi
	ajuda suporte apoio atendimento aocliente sorteios
	hulp klantenservice klantendienst terugbetaling winactie
	pomoc obsluga obslugaklienta bok wsparcie zwrot zwroty konkurs`)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}()

// common are names that many bear by right.
var common = words(`press presse prensa stampa info support help helpdesk service services news newsroom media contact kontakt contacto hello team
	office admin billing accounts sales shop store jobs careers karriere reviews review official customer customers care marketing community
	social mail post user test home blog web online`)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[Skeleton(w)] = true
	}
	return m
}

// Guard knows whose handles to look for. It never changes and may be used by several goroutines; nil suspects nobody.
type Guard struct {
	own     map[string]bool // channel and handle of those who are never suspected
	names   map[string]Known
	roots   map[string]Known  // ours, also without the words before and behind them
	nearly  map[string][]near // by a skeleton with one letter left out
	titles  map[string]Known
	domains map[string]Known
	ours    map[string]bool // our mail domains
}

type near struct {
	skeleton string
	known    Known
}

// New makes a guard for what is ours and whom we know.
func New(list []Known) *Guard {
	g := &Guard{own: map[string]bool{}, names: map[string]Known{}, roots: map[string]Known{}, nearly: map[string][]near{}, titles: map[string]Known{}, domains: map[string]Known{}, ours: map[string]bool{}}
	for _, own := range []bool{true, false} { // ours first: who looks like both looks like us
		for _, k := range list {
			if k.Own == own {
				g.add(k)
			}
		}
	}
	return g
}

func (g *Guard) add(k Known) {
	g.own[seat(k.Channel, k.Handle)] = true
	name, domain := parts(k.Handle, k.Channel)
	if k.Channel == "email" {
		if k.Own && domain != "" {
			g.ours[domain] = true
			put(g.domains, Skeleton(domain), k)
		}
	} else if s := Skeleton(name); k.Own && utf8.RuneCountInString(s) == leastRoot && !common[s] {
		put(g.roots, s, k)
	} else if telling(s) {
		put(g.names, s, k)
		for _, root := range append(stripped(s, leastName), s) {
			if k.Own && telling(root) {
				put(g.roots, root, k)
			}
		}
		if n := utf8.RuneCountInString(s); n >= leastTypo && k.Own || n >= leastOther {
			for _, less := range shortened(s) {
				g.nearly[less] = append(g.nearly[less], near{s, k})
			}
		}
	}
	if s := Skeleton(k.Name); k.Own && telling(s) && utf8.RuneCountInString(s) >= leastTypo {
		put(g.titles, s, k)
	}
}

func put(m map[string]Known, key string, k Known) {
	if _, ok := m[key]; !ok {
		m[key] = k
	}
}

// telling reports whether a skeleton names somebody: long enough, and not what many are called.
func telling(s string) bool { return utf8.RuneCountInString(s) >= leastName && !common[s] }

func seat(channel, handle string) string { return channel + "\x00" + strings.ToLower(handle) }

// parts are the name of a handle and where it is: "acme", "social.example" for "@acme@social.example". A handle that is a
// domain ("acme.bsky.social") is named by its first part.
func parts(handle, channel string) (name, domain string) {
	name, domain, at := strings.Cut(strings.TrimPrefix(strings.TrimSpace(handle), "@"), "@")
	if !at && (channel == "bluesky" || channel != "email" && strings.Count(name, ".") >= 2) {
		name, domain, _ = strings.Cut(name, ".")
	}
	return name, strings.ToLower(domain)
}

// Like returns whom somebody on a channel can be taken for and is not.
func (g *Guard) Like(channel, handle, display string) (Match, bool) {
	if g == nil || g.own[seat(channel, handle)] {
		return Match{}, false
	}
	name, domain := parts(handle, channel)
	if channel == "email" {
		if g.ours[domain] {
			return Match{}, false // somebody of ours
		}
		if k, ok := g.domains[Skeleton(domain)]; ok && domain != "" {
			return Match{k, Domain}, true
		}
		return g.titled(display)
	}
	s := Skeleton(name)
	if k, ok := g.names[s]; ok {
		if plain(name) != plain(first(k)) {
			return Match{k, Letter}, true
		}
		if k.Own { // a contact of the same name elsewhere is most likely the same person
			return Match{k, Same}, true
		}
	}
	if m, ok := g.typo(s, channel); ok {
		return m, true
	}
	if k, ok := g.added(name, s); ok {
		return Match{k, Added}, true
	}
	return g.titled(display)
}

// added finds a name of ours with words put to it, or a number: "acme_support24". s is name's skeleton.
func (g *Guard) added(name, s string) (Known, bool) {
	for _, bare := range stripped(s, leastRoot) {
		if k, ok := g.roots[bare]; ok {
			return k, true
		}
	}
	less := strings.TrimRightFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if less == name {
		return Known{}, false
	}
	s = Skeleton(less)
	if k, ok := g.names[s]; ok && k.Own {
		return k, true
	}
	for _, bare := range stripped(s, leastRoot) {
		if k, ok := g.roots[bare]; ok {
			return k, true
		}
	}
	return Known{}, false
}

func first(k Known) string {
	name, _ := parts(k.Handle, k.Channel)
	return name
}

func (g *Guard) titled(display string) (Match, bool) {
	k, ok := g.titles[Skeleton(display)]
	return Match{k, Titled}, ok
}

// typo finds a name that is one letter more, fewer or other, or two side by side the wrong way round.
func (g *Guard) typo(s, channel string) (Match, bool) {
	if utf8.RuneCountInString(s) < leastTypo-1 {
		return Match{}, false
	}
	for _, less := range append(shortened(s), s) {
		for _, n := range g.nearly[less] {
			if n.skeleton != s && (n.known.Own || n.known.Channel == channel) && oneOff(s, n.skeleton) {
				return Match{n.known, Typo}, true
			}
		}
	}
	for _, k := range shortened(s) { // s has a letter more
		if n, ok := g.names[k]; ok && utf8.RuneCountInString(k) >= leastTypo && (n.Own || n.Channel == channel && utf8.RuneCountInString(k) >= leastOther) {
			return Match{n, Typo}, true
		}
	}
	return Match{}, false
}

// shortened is s with each letter left out in turn.
func shortened(s string) []string {
	r := []rune(s)
	if len(r) > 64 {
		return nil
	}
	out := make([]string, 0, len(r))
	for k := range r {
		if k == 0 || r[k] != r[k-1] {
			out = append(out, string(r[:k])+string(r[k+1:]))
		}
	}
	return out
}

// oneOff reports whether a becomes b by one letter more, fewer or other, or by turning two round.
func oneOff(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	k := 0
	for k < len(x) && x[k] == y[k] {
		k++
	}
	rest := func(p, q []rune) bool { return string(p) == string(q) }
	switch len(y) - len(x) {
	case 0:
		return k < len(x) && (rest(x[k+1:], y[k+1:]) || k+1 < len(x) && x[k] == y[k+1] && x[k+1] == y[k] && rest(x[k+2:], y[k+2:]))
	case 1:
		return rest(x[k:], y[k+1:])
	}
	return false
}

// bones are the affixes as skeletons.
var bones = func() (out []string) {
	for _, a := range affixes {
		out = append(out, Skeleton(a))
	}
	return out
}()

// stripped is s without a word put before or behind it, and without two, as long as least letters are left.
func stripped(s string, least int) (out []string) {
	for range 2 {
		was := s
		for _, a := range bones {
			rest, ok := strings.CutSuffix(s, a)
			if !ok {
				rest, ok = strings.CutPrefix(s, a)
			}
			if ok && utf8.RuneCountInString(rest) >= least {
				s = rest
				break
			}
		}
		if s == was {
			break
		}
		out = append(out, s)
	}
	return out
}
