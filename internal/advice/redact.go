package advice

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What stands in the text in place of what was taken out.
const (
	markEmail  = "[e-mail]"
	markHandle = "[handle]"
	markPhone  = "[phone]"
	markCard   = "[card]"
	markIBAN   = "[iban]"
	markNumber = "[number]"
	markName   = "[name]"
)

var (
	aLink = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.\-]*://|www\.)[^\s<>"]+`)
	// Addresses as people write them to hide them from machines: jane (at) example.com, jane at example dot com.
	anAtInBrackets = regexp.MustCompile(`(?i)[^\s()\[\]{}<>]+\s*[(\[{<]\s*at\s*[)\]}>]\s*[^\s()\[\]{}<>]+(?:\s*[(\[{<]\s*dot\s*[)\]}>]\s*[^\s()\[\]{}<>]+)*`)
	anAtInWords    = regexp.MustCompile(`(?i)[\p{L}\p{Nd}._+\-]+\s+at\s+[\p{L}\p{Nd}\-]+(?:\s+dot\s+[\p{L}]{2,})+`)
	anAt           = regexp.MustCompile(`[^\s<>()\[\]{},;:"']*(?:@[^\s<>()\[\]{},;:"']*)+`)
	anIBAN         = regexp.MustCompile(`(?i)\b[a-z]{2}\p{Nd}{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,4})?\b`)
	digits         = regexp.MustCompile(`[+(]{0,2}\p{Nd}(?:[\s().,/·•:'’_|*#\-–—−]{0,3}\p{Nd}){4,}`)
	aCode          = regexp.MustCompile(`[\p{L}\p{Nd}][\p{L}\p{Nd}_\-]*`)
	aWord          = regexp.MustCompile(`[\p{L}\p{M}]+`)
)

// Redact returns text without what says who somebody is: e-mail addresses, telephone, account and card numbers, order and
// other numbers of four digits and more (years aside), handles, all of an address on the web but its host, and names. names are those the
// contact is known by; a name nobody told us of, or one that is spelt otherwise, stays. Compatibility letters are
// made plain and invisible ones dropped first, so that neither hides anything.
func Redact(text string, names []string) string {
	text = plain(text)
	text = aLink.ReplaceAllStringFunc(text, hostOnly)
	text = anAtInBrackets.ReplaceAllString(text, markEmail)
	text = anAtInWords.ReplaceAllString(text, markEmail)
	text = anAt.ReplaceAllStringFunc(text, address)
	text = anIBAN.ReplaceAllStringFunc(text, iban)
	text = aCode.ReplaceAllStringFunc(text, lettered)
	text = digits.ReplaceAllStringFunc(text, number)
	text = aCode.ReplaceAllStringFunc(text, code)
	return unnamed(text, names)
}

// plain is text in plain letters: full-width digits, styled letters and the like as the usual ones, without the invisible.
func plain(text string) string {
	text = norm.NFKC.String(strings.ToValidUTF8(text, ""))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == '\u034f':
			return -1
		case unicode.IsSpace(r):
			return ' '
		case r == '﹫' || r == '＠':
			return '@'
		}
		return r
	}, text)
}

// hostOnly is a link without its path, query and whoever it names before the host.
func hostOnly(link string) string {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), "@%[]:") {
		return "[link]"
	}
	return "[link " + u.Hostname() + "]"
}

func address(s string) string {
	before, after, _ := strings.Cut(s, "@")
	switch {
	case before == "" && strings.Trim(after, "@.") == "":
		return " at "
	case before == "":
		return markHandle
	}
	return markEmail
}

// iban leaves words alone that only look like the beginning of one.
func iban(s string) string {
	if n := count(s); n < 6 {
		return s
	}
	return markIBAN
}

func number(s string) string {
	n := count(s)
	switch {
	case n >= 13 && n <= 19 && luhn(s):
		return markCard
	case strings.ContainsAny(s[:1], "+(") || s[0] == '0' && n >= 7:
		return markPhone
	}
	return markNumber
}

// lettered takes out what has four digits or more among letters: AB-1234.
func lettered(s string) string {
	if strings.ContainsFunc(s, unicode.IsLetter) {
		return code(s)
	}
	return s
}

// code takes out what has four digits or more and is no year.
func code(s string) string {
	switch n := count(s); {
	case n < 4:
		return s
	case n == 4 && len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")):
		return s
	}
	return markNumber
}

func count(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// luhn reports whether the digits of s are those of a payment card.
func luhn(s string) bool {
	sum, n := 0, 0
	for k := len(s) - 1; k >= 0; k-- {
		if s[k] < '0' || s[k] > '9' {
			continue
		}
		d := int(s[k] - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, n = sum+d, n+1
	}
	return sum%10 == 0
}

// unnamed takes names out, word by word, whatever their accents and case. In scripts that do not part words a whole name is
// looked for instead.
func unnamed(text string, names []string) string {
	words := map[string]bool{}
	for _, name := range names {
		name = plain(name)
		parts := aWord.FindAllString(name, -1)
		if whole := strings.Join(parts, ""); unparted(whole) && len([]rune(whole)) > 1 {
			text = strings.ReplaceAll(text, whole, markName)
		}
		for _, p := range parts {
			if f := folded(p); len([]rune(f)) > 1 {
				words[f] = true
			}
		}
	}
	if len(words) == 0 {
		return text
	}
	return aWord.ReplaceAllStringFunc(text, func(w string) string {
		if words[folded(w)] && !ours[w] {
			return markName
		}
		return w
	})
}

// ours are the words of the marks: a contact called Link takes no mark apart.
var ours = map[string]bool{"link": true, "e": true, "mail": true, "handle": true, "phone": true, "card": true, "iban": true, "number": true, "name": true}

// folded is a word without case and accents.
func folded(w string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(w)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}

func unparted(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
}
