package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"switchboard/internal/fault"
)

// The headers of a call, either way.
const (
	idHeader        = "Switchboard-Id"        // of the call; A-Z a-z 0-9 _ -, at most 128
	timestampHeader = "Switchboard-Timestamp" // Unix seconds
	signatureHeader = "Switchboard-Signature" // v1=<hex>
	keyHeader       = "Switchboard-Key"       // on our calls only: the same for every try of one message
)

const clockSlack = 300 * time.Second

// sign returns the signature of a call: HMAC-SHA256 over id.timestamp.content, in lower-case hex. The content is the body,
// byte for byte; for a GET, which has none, it is the path and query of its address. None of the first two can hold a dot, so
// that one text cannot be cut in two ways.
func sign(secret, id, timestamp string, content []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(content)
	return "v1=" + hex.EncodeToString(h.Sum(nil))
}

// verify checks the headers of a call that came in and returns its id. What it refuses it refuses as Forbidden.
func verify(secret string, h http.Header, body []byte, now time.Time) (id string, err error) {
	var got [3]string
	for k, name := range []string{idHeader, timestampHeader, signatureHeader} {
		values := h.Values(name)
		if len(values) != 1 || values[0] == "" {
			return "", fault.New(fault.Forbidden, "send the header "+name+" once")
		}
		got[k] = values[0]
	}
	id, timestamp := got[0], got[1]
	if !isID(id) {
		return "", fault.New(fault.Forbidden, "the header "+idHeader+" may hold up to 128 of A-Z, a-z, 0-9, _ and -")
	}
	if !hmac.Equal([]byte(got[2]), []byte(sign(secret, id, timestamp, body))) {
		return "", fault.New(fault.Forbidden, "the signature does not fit: sign id.timestamp.body with the account's secret, the body byte for byte as it is sent, in lower-case hex after v1=")
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != timestamp {
		return "", fault.New(fault.Forbidden, "the header "+timestampHeader+" must be the time in whole seconds since 1970")
	}
	// Compared as numbers of seconds: a time.Duration would not hold what somebody may write here.
	if off := now.Unix() - seconds; seconds < 0 || off > int64(clockSlack/time.Second) || off < -int64(clockSlack/time.Second) {
		return "", fault.New(fault.Forbidden, "the call was signed more than 5 minutes from now: set the clock of the machine that sends it, and sign each try anew")
	}
	return id, nil
}

func isID(s string) bool {
	for k := range len(s) {
		c := s[k]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 128
}
