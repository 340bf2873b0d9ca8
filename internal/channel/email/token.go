package email

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"
)

// An outgoing mail's Message-ID is made of four words and our domain:
//
//	<key.thread.print.mark+mac@acme.example>
//
// key is the delivery's own; thread names the mail thread, so that an answer which names nothing but this id finds its way;
// print is a keyed hash of what was said, so that a stranger who got our mail cannot pass his words off as ours under its
// id; mac signs the three. Whoever cannot sign cannot make an id that counts. An id that counts tells what a mail is about;
// it never tells who wrote it and gives no rights.
type tokens struct {
	key    []byte
	domain string
	mark   string // of the account: two accounts of one domain sign with different keys
}

// token is what an id of ours says.
type token struct {
	id     string // without the angle brackets
	key    string
	thread string
	print  string
}

const (
	threadLen = 12
	printLen  = 8
	markLen   = 4
	macLen    = 16 // 80 bits
)

var (
	words = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	shape = regexp.MustCompile(`^([a-z0-9]{1,32})\.([a-z2-7]{12})\.([a-z2-7]{8})\.([a-z2-7]{4})([a-z2-7]{16})@([^@<>\s]+)$`)
	keys  = regexp.MustCompile(`^[a-z0-9]{1,32}$`)
	found = regexp.MustCompile(`[a-z0-9]{1,32}\.[a-z2-7]{12}\.[a-z2-7]{8}\.[a-z2-7]{20}@[A-Za-z0-9.-]{1,253}`)
)

func newTokens(key []byte, address string) tokens {
	return tokens{key, address[strings.LastIndexByte(address, '@')+1:], hash("account", address)[:markLen]}
}

// id returns the Message-ID, without brackets, of the delivery key in a thread.
func (t tokens) id(key, thread, print string) string {
	words := key + "." + thread + "." + print
	return words + "." + t.mark + t.mac(words, t.domain) + "@" + t.domain
}

// read returns what id says if we signed it. forged says that it is made up to look as if.
func (t tokens) read(id string) (_ token, ok, forged bool) {
	m := shape.FindStringSubmatch(strings.Trim(id, "<> "))
	if m == nil {
		return token{}, false, false
	}
	k := token{id: m[0], key: m[1], thread: m[2], print: m[3]}
	if m[4] == t.mark && hmac.Equal([]byte(m[5]), []byte(t.mac(m[1]+"."+m[2]+"."+m[3], m[6]))) {
		return k, true, false
	}
	return token{}, false, m[4] == t.mark && strings.EqualFold(m[6], t.domain)
}

func (t tokens) mac(words, domain string) string {
	return t.keyed("id", words+"@"+strings.ToLower(domain))[:macLen]
}

// print returns the fingerprint of what is said: spaces do not count, for servers change them.
func (t tokens) print(subject, text string, media [][]byte) string {
	parts := []string{squeeze(subject), squeeze(text)}
	for _, m := range media {
		sum := sha256.Sum256(m)
		parts = append(parts, string(sum[:]))
	}
	return t.keyed("print", strings.Join(parts, "\x00"))[:printLen]
}

func (t tokens) keyed(use, what string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(use + "\x00" + what))
	return words.EncodeToString(mac.Sum(nil))
}

// hash returns 52 letters and digits that stand for parts.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return words.EncodeToString(h.Sum(nil))
}

// thread names the thread that begins with the mail id.
func thread(id string) string { return hash("thread", id)[:threadLen] }

// isThread reports whether s could have been made by thread.
func isThread(s string) bool {
	return len(s) == threadLen && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
