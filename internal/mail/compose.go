package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// compose is a letter as the wire wants it. The same letter has the same Message-ID however often it is sent.
func compose(l Log, w words, s Server, replyTo string, at time.Time) ([]byte, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP), gomail.WithCharset(gomail.CharsetUTF8))
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(l.MessageID)
	m.FromMailAddress(&netmail.Address{Name: sayable(s.Name), Address: s.From})
	m.ToMailAddress(&netmail.Address{Name: sayable(w.Name), Address: l.To})
	if replyTo != "" && !strings.EqualFold(replyTo, s.From) {
		m.ReplyToMailAddress(&netmail.Address{Name: sayable(s.Name), Address: replyTo})
	}
	m.Subject(clip(w.Subject, 200))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes, please
	m.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	m.SetGenHeader("List-Id", "<"+l.Kind+".switchboard."+strings.ToLower(s.From[strings.LastIndexByte(s.From, '@')+1:])+">")
	if w.Answers != "" {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+w.Answers+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+w.Answers+">")
	}
	m.SetBodyString(gomail.TypeTextPlain, w.Text)
	if w.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, w.HTML)
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, err
	}
	// go-mail folds a long id away from its name; some programs then see none
	return bytes.Replace(raw.Bytes(), []byte("Message-ID:\r\n "), []byte("Message-ID: "), 1), nil
}

// sayable is a name without what readers of mail stumble over.
func sayable(name string) string { return clip(oneLine(strings.ReplaceAll(name, `\`, " ")), 120) }

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
