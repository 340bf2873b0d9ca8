package mastodon

import (
	"strconv"
	"strings"
	"time"
)

// newID returns an id for a status, an account or an upload, later than all before it: a snowflake of 18 digits, or a ULID. Its
// lowest bits begin differently on each server, as Mastodon's do: two servers do not give one id in the same millisecond.
func (s *Server) newID() string {
	ms := s.o.Now().UnixMilli()
	s.last = max(ms<<16|int64(s.salt), s.last+1)
	if s.o.GoToSocial {
		return ulid(s.last)
	}
	return strconv.FormatInt(s.last, 10)
}

// nextSerial returns an id for a notification or a conversation, which Mastodon simply counts.
func (s *Server) nextSerial() string {
	if s.o.GoToSocial {
		return s.newID()
	}
	s.serial++
	return strconv.FormatInt(34975860+s.serial, 10)
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ulid writes milliseconds and a count as the 26 characters of a ULID.
func ulid(v int64) string {
	ms, count := uint64(v>>16), uint64(v&0xffff)
	b := []byte(strings.Repeat("0", 26))
	for k := 9; k >= 0; k-- {
		b[k] = crockford[ms&31]
		ms >>= 5
	}
	for k := 25; k >= 10; k-- {
		b[k] = crockford[count&31]
		count >>= 5
	}
	return string(b)
}

// before reports whether id a is older than id b. Digits compare as numbers, so that "0" is before everything.
func before(a, b string) bool {
	if digits(a) && digits(b) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(a) != len(b) {
			return len(a) < len(b)
		}
	}
	return a < b
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// stamp writes a time as the API does: ISO 8601, UTC, milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}
