package contact

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"switchboard/internal/fault"
	"switchboard/internal/letters"
)

// Columns an import knows, beside fields of the house's own ("field:NAME") and "" for what is left out.
const (
	ColumnName      = "name"
	ColumnFirst     = "first" // of a name in two columns: together they are the name
	ColumnLast      = "last"
	ColumnEmail     = "email"
	ColumnNumber    = "number" // the house's own number of a customer: matched on, as an address is
	ColumnStandings = "standings"
	ColumnNote      = "note"
	ColumnLanguage  = "language"
)

const (
	mostRows  = 20_000
	fieldMark = "field:"
)

// Sheet is a CSV file that was read: its header, its lines, and the number of each line in the file.
type Sheet struct {
	Header []string
	Lines  [][]string
	At     []int
}

// ReadSheet reads a CSV file: UTF-8 or UTF-16, with or without a byte order mark, Windows-1252, or Windows-1250 as Polish is
// written; columns by comma, semicolon or tab, or by what a first line "sep=…" says, as spreadsheets write it. Spaces around are taken off, and so is the mark that keeps a spreadsheet from taking a cell for a formula.
func ReadSheet(file []byte) (s Sheet, err error) {
	text := decoded(file)
	if strings.TrimSpace(text) == "" {
		return s, fault.In("data", "the file is empty: choose one with a line of headings and a line a contact")
	}
	sep, text, above := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = sep, -1, true
	for {
		from := r.InputOffset()
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, fault.Wrap(fault.Invalid, fmt.Sprintf("line %d can't be read: a quotation mark is open or out of place", len(s.Lines)+2+above), err)
		}
		line, _ := r.FieldPos(0)
		line += above
		if swallows(text[from:r.InputOffset()], r.Comma) {
			return s, fault.Newf(fault.Invalid, "a quotation mark that is opened in line %d is not closed, and would swallow the lines after it: close it, or write it twice", line)
		}
		for k, cell := range row {
			row[k] = Unformula(strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "")))
		}
		switch {
		case s.Header == nil:
			s.Header = row
		case slices.ContainsFunc(row, func(c string) bool { return c != "" }):
			s.Lines, s.At = append(s.Lines, row), append(s.At, line)
		}
		if len(s.Lines) > mostRows {
			return s, fault.Newf(fault.Invalid, "the file has more than %d lines: split it", mostRows)
		}
	}
	if len(s.Lines) == 0 {
		return s, fault.In("data", "there is nothing below the headings")
	}
	if len(s.Header) > 60 {
		return s, fault.In("data", "the file has more than 60 columns: take out those that are not needed")
	}
	return s, nil
}

// swallows reports whether a row goes over several lines without its quotation marks being right: then one was left open, and
// what looks like one row is many. Within a line they may stand anyhow.
func swallows(row string, comma rune) bool {
	row = strings.Trim(row, "\r\n")
	if !strings.Contains(row, "\n") {
		return false
	}
	r := csv.NewReader(strings.NewReader(row))
	r.Comma, r.FieldsPerRecord = comma, -1
	_, err := r.Read()
	return err != nil
}

// decoded is a file as text.
func decoded(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return wide(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return wide(b[2:], binary.BigEndian)
	}
	if utf8.Valid(b) {
		return string(b)
	}
	table := charmap.Windows1252 // as older spreadsheets write
	if polish(b) {
		table = charmap.Windows1250
	}
	text, err := table.NewDecoder().Bytes(b)
	if err != nil {
		text = bytes.ToValidUTF8(b, nil)
	}
	return string(text)
}

// polish reports whether letters of Polish stand in a file of single bytes: what they are in Windows-1252 stands at no such place
// of a word.
func polish(b []byte) bool {
	letter := func(k int) bool {
		return k >= 0 && k < len(b) && (b[k]|0x20 >= 'a' && b[k]|0x20 <= 'z' || b[k] >= 0xC0)
	}
	digit := func(k int) bool { return k >= 0 && k < len(b) && b[k] >= '0' && b[k] <= '9' }
	for k, c := range b {
		switch c {
		case 0xB3, 0xA3, 0xAF: // ł Ł Ż, or ³ £ ¯
			if letter(k+1) && !digit(k-1) {
				return true
			}
		case 0xB9, 0xBF: // ą ż, or ¹ ¿
			if letter(k-1) && letter(k+1) {
				return true
			}
		case 0x9F: // ź, or Ÿ
			if letter(k-1) && b[k-1]|0x20 == b[k-1] {
				return true
			}
		}
	}
	return false
}

func wide(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for k := range units {
		units[k] = order.Uint16(b[2*k:])
	}
	return string(utf16.Decode(units))
}

// separator is what stands between the columns: what the line "sep=…" above the headings says, or what the first line has most of
// outside quotation marks. rest is the text without that line, and above how many lines it had.
func separator(text string) (sep rune, rest string, above int) {
	first, below, _ := strings.Cut(text, "\n")
	said, ok := strings.CutPrefix(strings.Trim(strings.ToLower(strings.TrimSpace(first)), `"`), "sep=")
	if ok {
		if strings.HasSuffix(strings.TrimRight(first, "\r"), "\t") {
			said = "\t"
		}
		if r := []rune(said); len(r) == 1 && strings.ContainsRune(",;\t|", r[0]) {
			return r[0], below, 1
		}
	}
	count, quoted, best := map[rune]int{}, false, ','
	for _, c := range text {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			count[c]++
		}
	}
	for _, c := range []rune{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best, text, 0
}

// headings are what columns are called, in the languages people keep their lists in.
var headings = map[string][]string{
	ColumnName:      {"name", "full name", "contact", "nom", "nombre", "nome", "naam", "nazwa", "imię i nazwisko", "display name"},
	ColumnFirst:     {"first name", "firstname", "given name", "forename", "vorname", "prénom", "primer nombre", "voornaam", "imię"},
	ColumnLast:      {"last name", "lastname", "surname", "family name", "nachname", "familienname", "nom de famille", "apellido", "apellidos", "cognome", "achternaam", "nazwisko"},
	ColumnEmail:     {"email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse", "adresse e-mail", "correo", "correo electrónico"},
	ColumnNumber:    {"number", "customer number", "customer id", "customer no", "kundennummer", "numéro client", "klantnummer", "id"},
	ColumnStandings: {"standing", "standings", "status", "type", "typ"},
	ColumnNote:      {"note", "notes", "comment", "comments", "notiz", "bemerkung", "remarque", "nota"},
	ColumnLanguage:  {"language", "lang", "sprache", "langue", "idioma", "lingua", "taal", "język"},
}

// Guess says what the columns of a sheet hold, by their headings; what is not known becomes a field of its own. Columns that our own
// export writes and that can't be read back are left out.
func Guess(header []string) []string {
	out := make([]string, len(header))
	for k, h := range header {
		low := strings.ToLower(strings.TrimSpace(h))
		for column, names := range headings {
			if slices.Contains(names, low) && !slices.Contains(out[:k], column) {
				out[k] = column
			}
		}
		if out[k] == "" && low != "" && !slices.Contains(exportOnly, low) {
			out[k] = fieldMark + strings.TrimPrefix(h, fieldMark)
		}
	}
	return out
}

var exportOnly = []string{"contact id", "identities", "fields", "first seen", "last seen"}

// Record is a line of a sheet as a contact.
type Record struct {
	Line      int
	Name      string
	Email     string
	Number    string
	Standings []string
	Note      string
	Language  string
	Fields    map[string]string
}

// Records reads the lines of a sheet by what its columns hold. Each error names its line and what to do.
func (s Sheet) Records(mapping []string) (out []Record, wrong []LineError, err error) {
	if len(mapping) != len(s.Header) {
		return nil, nil, fault.In("mapping", "say of each column what it holds")
	}
	for k, m := range mapping {
		if m != "" && slices.Contains(mapping[:k], m) {
			return nil, nil, fault.In("mapping", "two columns are said to hold the same: choose one")
		}
		if _, known := headings[m]; m != "" && !known && !strings.HasPrefix(m, fieldMark) {
			return nil, nil, fault.In("mapping", "a column holds a name, a first or last name, email, number, standings, note, language, or a field")
		}
	}
	if !slices.Contains(mapping, ColumnEmail) && !slices.Contains(mapping, ColumnNumber) {
		return nil, nil, fault.In("mapping", "one column must hold the e-mail address or a number of your own: contacts are matched on it")
	}
	seen := map[string]int{}
	for k, row := range s.Lines {
		r, why := record(row, mapping, s.At[k])
		for _, key := range []string{"email " + r.Email, "number " + r.Number} {
			if first, ok := seen[key]; ok && !strings.HasSuffix(key, " ") && why == "" {
				why = fmt.Sprintf("it names the same contact as line %d: keep one of the two", first)
			}
		}
		if why != "" {
			wrong = append(wrong, LineError{s.At[k], why})
			continue
		}
		seen["email "+r.Email], seen["number "+r.Number] = s.At[k], s.At[k]
		out = append(out, r)
	}
	return out, wrong, nil
}

// LineError is what is wrong with a line, and what to do.
type LineError struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

func record(row, mapping []string, line int) (r Record, why string) {
	r = Record{Line: line, Fields: map[string]string{}}
	var first, last string
	for k, m := range mapping {
		if k >= len(row) || row[k] == "" {
			continue
		}
		switch v := row[k]; {
		case m == ColumnName:
			r.Name = letters.Head(v, 300)
		case m == ColumnFirst:
			first = letters.Head(v, 150)
		case m == ColumnLast:
			last = letters.Head(v, 150)
		case m == ColumnEmail:
			a, err := mail.ParseAddress(v)
			if err != nil || len(a.Address) > 320 {
				return r, "this is no e-mail address: " + letters.Head(v, 60)
			}
			r.Email = strings.ToLower(a.Address)
		case m == ColumnNumber:
			if len(v) > 100 {
				return r, "the number is longer than 100 characters: look whether the columns are right"
			}
			r.Number = v
		case m == ColumnStandings:
			for _, s := range strings.FieldsFunc(strings.ToLower(v), func(r rune) bool { return strings.ContainsRune(",;|/ ", r) }) {
				if !slices.Contains(Standings, s) {
					return r, "there is no standing " + letters.Head(s, 40) + ": use " + strings.Join(Standings, ", ")
				}
				if !slices.Contains(r.Standings, s) {
					r.Standings = append(r.Standings, s)
				}
			}
		case m == ColumnNote:
			r.Note = letters.Head(v, 20000)
		case m == ColumnLanguage:
			if r.Language = strings.ToLower(v); len(v) != 2 {
				return r, "a language is two letters, like en or de"
			}
		case m != "":
			r.Fields[strings.TrimPrefix(m, fieldMark)] = letters.Head(v, 2000)
		}
	}
	if r.Name == "" || last == "" && first != "" && !slices.Contains(strings.Fields(strings.ToLower(r.Name)), strings.ToLower(first)) { // many a "Name" beside a first name is the last
		r.Name = strings.TrimSpace(first + " " + cmp.Or(r.Name, last))
	}
	switch {
	case r.Email == "" && r.Number == "":
		return r, "it has neither an e-mail address nor a number: add one"
	case checkFields(r.Fields) != nil:
		return r, checkFields(r.Fields).Error()
	}
	return r, ""
}

// Within a cell a formula begins where a spreadsheet that splits at semicolons or tabs, as the German ones do, makes a cell of its own of
// it, be it past blanks or quotation marks; marked has the mark of Formula before it.
var (
	within = regexp.MustCompile(`([;\t\r\n][ \x{a0}"]*)('*[=+\-|%@＝＋－＠])`)
	marked = regexp.MustCompile(`([;\t\r\n][ \x{a0}"]*)'('*[=+\-|%@＝＋－＠])`)
)

// Formula makes a cell safe for a spreadsheet, which takes one that begins like a formula for one.
func Formula(cell string) string {
	cell = within.ReplaceAllString(cell, "$1'$2")
	if opens(cell) {
		return "'" + cell
	}
	return cell
}

func opens(cell string) bool {
	return cell != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠'", []rune(cell)[0])
}

// Unformula is a cell without the marks that Formula sets.
func Unformula(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && opens(rest) {
		cell = rest
	}
	return marked.ReplaceAllString(cell, "$1$2")
}
