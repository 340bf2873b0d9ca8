package acme

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// act is what a line of the ledger tells of.
type act string

const (
	said    act = "said"
	edited  act = "edited"
	deleted act = "deleted"
	company act = "company" // said by the company, through the product or by hand
)

// line is one thing that happened at a stand-in.
type line struct {
	At      time.Time `json:"at"`
	Act     act       `json:"act"`
	Place   place     `json:"place"`
	ID      string    `json:"id"`
	Parent  string    `json:"parent,omitempty"`
	Talk    string    `json:"talk,omitempty"` // the id of the talk's first message
	Who     string    `json:"who,omitempty"`
	Matter  string    `json:"matter,omitempty"`
	Lang    string    `json:"lang,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text,omitempty"`
	Warning string    `json:"warning,omitempty"`
	Alt     string    `json:"alt,omitempty"`
	Stars   int       `json:"stars,omitempty"`
}

// ledger is a file of lines, to which is only ever added.
type ledger struct{ file *os.File }

// openLedger reads what is there and opens the file for more. A last line that a crash cut off is dropped.
func openLedger(folder string) (*ledger, []line, error) {
	path := filepath.Join(folder, "far.jsonl")
	old, err := readLines(path)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return &ledger{f}, old, err
}

func readLines(path string) (all []line, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l line
		if json.Unmarshal(s.Bytes(), &l) == nil && l.ID != "" {
			all = append(all, l)
		}
	}
	return all, s.Err()
}

func (l *ledger) write(n line) error {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(b, '\n'))
	return err
}

// state is what a demo that is started again must know beside its ledger and its database.
type state struct {
	Opened   time.Time         `json:"opened"` // of the far sides: before anything was said
	Seed     uint64            `json:"seed"`
	Starts   int               `json:"starts"`
	Ports    map[string]int    `json:"ports"`
	Accounts map[string]string `json:"accounts"` // our name of each account → its id
	Password string            `json:"password"` // Ada's; the demo lets anybody in as anybody
	Secret   string            `json:"secret"`   // of the reviews
	Ready    bool              `json:"ready"`    // the house is furnished, and its history was made
}

func readState(folder string) (s state, err error) {
	b, err := os.ReadFile(filepath.Join(folder, "demo.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	return s, err
}

func (s state) save(folder string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "demo.json")
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Target returns the account of the hook channel of a demo in a folder, and its secret: for driving load.
func Target(folder string) (account, secret string, err error) {
	s, err := readState(folder)
	if err == nil && s.Accounts["reviews"] == "" {
		err = fs.ErrNotExist
	}
	return s.Accounts["reviews"], s.Secret, err
}
