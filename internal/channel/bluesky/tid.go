package bluesky

import (
	"strings"
	"time"

	"switchboard/internal/channel"
)

// sortable is the alphabet of record keys, in the order they sort.
const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// tidTime returns the time in a record key (a TID: 53 bits of microseconds, 10 of a clock), the zero time if it is none.
func tidTime(key string) time.Time {
	v, ok := tidValue(key)
	if !ok || v>>63 != 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(v >> 10)).UTC()
}

func tidValue(key string) (v uint64, ok bool) {
	if len(key) != 13 {
		return 0, false
	}
	for k := range 13 {
		d := strings.IndexByte(sortable, key[k])
		if d < 0 || k == 0 && d > 15 {
			return 0, false
		}
		v = v<<5 | uint64(d)
	}
	return v, true
}

// tid returns the first record key of an instant.
func tid(t time.Time) string {
	return channel.Key(uint64(max(t.UnixMicro(), 0)) << 10)
}

// recordKey is the key of the record that o becomes: the same in every try. A record key's first letter holds one bit less
// than o.Key's may, so a late letter is folded onto an early one.
func recordKey(o channel.Outgoing) (string, error) {
	if len(o.Key) == 13 && strings.Trim(o.Key, sortable) == "" {
		d := strings.IndexByte(sortable, o.Key[0])
		return string(sortable[d&15]) + o.Key[1:], nil
	}
	return "", &channel.Trouble{Deed: channel.Fix, Message: "this message has no key that Bluesky takes: write it again as a new message"}
}
