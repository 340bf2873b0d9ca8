package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// mostDepth is how deep a document may nest; ours are at most a handful deep.
const mostDepth = 32

// strictBody reads the body of a call whole and checks it: its size, that it is JSON and said to be, nested sanely, with no key
// twice (whatever its case) and no NUL. What reads it afterwards can't be fooled by a document that two readers read differently.
func strictBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, *huma.ErrorModel) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("That is too large: %d kB are the most here.", most>>10))
	case err != nil:
		return nil, problem(http.StatusBadRequest, "The request broke off before its end. Send it again.")
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	r.ContentLength = int64(len(b))
	if len(b) == 0 {
		return b, nil
	}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, problem(http.StatusUnsupportedMediaType, "Send JSON, and say so: Content-Type: application/json.")
	}
	if err := strict(b); err != nil {
		return nil, problem(http.StatusBadRequest, sentence("this is not the JSON we can take: "+err.Error()))
	}
	return b, nil
}

// frame is an object or array being read.
type frame struct {
	object bool
	key    bool // the next token is a key
	keys   map[string]bool
}

// strict says what is wrong with a document.
func strict(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var stack []frame
	for {
		t, err := d.Token()
		if err == io.EOF {
			if len(stack) > 0 {
				return errors.New("it breaks off")
			}
			return nil
		}
		if err != nil {
			return errors.New("it breaks off or is malformed at byte " + fmt.Sprint(d.InputOffset()))
		}
		top := len(stack) - 1
		if s, ok := t.(string); ok {
			if strings.ContainsRune(s, 0) {
				return errors.New("a text holds the character NUL")
			}
			if top >= 0 && stack[top].object && stack[top].key {
				k := strings.ToLower(s)
				if stack[top].keys[k] {
					return fmt.Errorf("the key %.40q is there twice", s)
				}
				stack[top].keys[k], stack[top].key = true, false
				continue
			}
		}
		switch t {
		case json.Delim('{'):
			stack = append(stack, frame{object: true, key: true, keys: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, frame{})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:top]
			valueEnded(stack)
		default:
			valueEnded(stack)
		}
		if len(stack) > mostDepth {
			return fmt.Errorf("it nests deeper than %d", mostDepth)
		}
	}
}

func valueEnded(stack []frame) {
	if top := len(stack) - 1; top >= 0 && stack[top].object {
		stack[top].key = true
	}
}

func badText(s string) bool { return strings.ContainsRune(s, 0) || !utf8.ValidString(s) }

// unescaped is a query with its escapes read, as far as they can be.
func unescaped(q string) string {
	if s, err := url.QueryUnescape(q); err == nil {
		return s
	}
	return q
}
