package email

import (
	"bytes"
	"mime"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Letter is a mail as a person's mail program writes it.
type Letter struct {
	ID         string // Message-ID without brackets
	From, Name string
	To         string
	Cc         []string // addresses, with or without names
	Subject    string
	Text       string
	Answers    string   // the Message-ID it answers, without brackets
	References []string // and those before it
	Files      []File
}

// File is an attachment.
type File struct {
	Name, Type, Alt string
	Body            []byte
}

// Write makes the mail's bytes.
func (l Letter) Write(s *Server) ([]byte, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(l.Name, l.From); err != nil {
		return nil, err
	}
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	if len(l.Cc) > 0 {
		if err := m.Cc(l.Cc...); err != nil {
			return nil, err
		}
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(s.Now())
	m.SetMessageIDWithValue(l.ID)
	if l.Answers != "" {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+l.Answers+">")
		refs := ""
		for _, id := range append(l.References, l.Answers) {
			refs += " <" + id + ">"
		}
		m.SetGenHeader(gomail.HeaderReferences, strings.TrimSpace(refs))
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	for _, f := range l.Files {
		err := m.AttachReader(f.Name, bytes.NewReader(f.Body), gomail.WithFileContentType(gomail.ContentType(f.Type)), func(g *gomail.File) {
			if f.Alt != "" {
				g.Header.Set("Content-Description", mime.QEncoding.Encode("utf-8", f.Alt))
			}
		})
		if err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	_, err := m.WriteTo(&b)
	return b.Bytes(), err
}
