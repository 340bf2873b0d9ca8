package bluesky

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

const sortable = "234567abcdefghijklmnopqrstuvwxyz"

var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func base32of(s string) string {
	h := sha256.Sum256([]byte(s))
	return lower.EncodeToString(h[:])
}

// cid is a content id in its usual form: version 1, the codec, sha2-256.
func cid(codec byte, b []byte) string {
	h := sha256.Sum256(b)
	return "b" + lower.EncodeToString(append([]byte{1, codec, 0x12, 0x20}, h[:]...))
}

// tid returns a new record key, greater than all before it. s.mu is held.
func (s *Server) tid() string {
	s.clock = max(s.clock+1, s.now().UnixMicro())
	v := uint64(s.clock) << 10
	var b [13]byte
	for k := 12; k >= 0; k-- {
		b[k] = sortable[v&31]
		v >>= 5
	}
	return string(b[:])
}

func validTID(key string) bool {
	return len(key) == 13 && strings.Trim(key, sortable) == "" && strings.IndexByte(sortable, key[0]) < 16
}

const stamp = "2006-01-02T15:04:05.000Z"

func when(t time.Time) string { return t.UTC().Format(stamp) }
