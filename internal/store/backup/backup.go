// Package backup makes one file of a house that keeps its data in SQLite, while it runs, and makes a house of such a file again.
//
// The file is a gzipped tar: what it is (manifest.json), the database (switchboard.db) and, if asked for, the keys (keys). What
// never bends here: the copy is of one moment; nothing that is there is overwritten; a file that is not whole, not ours or
// too new is refused before anything is put in place; what is half done does not look like what is done.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"switchboard/internal/fault"
)

const (
	format       = 1
	manifestName = "manifest.json"
	databaseName = "switchboard.db"
	keysName     = "keys"
	mostManifest = 1 << 20
)

// Manifest says what a backup holds.
type Manifest struct {
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the program that made it
	At      time.Time `json:"at"`      // UTC: what was committed before is in it
	Schema  int64     `json:"schema"`
	Parts   []Part    `json:"parts"` // in the order they stand in the file
}

// Part is one file within a backup.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Keys reports whether the keys are in it.
func (m Manifest) Keys() bool {
	for _, p := range m.Parts {
		if p.Name == keysName {
			return true
		}
	}
	return false
}

// Source is what is backed up.
type Source struct {
	Database string // path of the SQLite file
	Keys     string // path of the key file; "" leaves the keys out
	Version  string
	Now      func() time.Time
}

// Write makes the backup at path, which must not exist. The house may run and write meanwhile. What it wrote is read again and
// held against its sums before it gets its name.
func Write(ctx context.Context, path string, from Source) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return m, fault.New(fault.Conflict, "there is something at "+path+" already: choose another name, nothing is overwritten")
	}
	copied, partial := path+".database", path+".partial"
	for _, name := range []string{copied, copied + "-journal", partial} {
		if err := private(name); err != nil {
			return m, err
		}
		defer func() { err = errors.Join(err, gone(os.Remove(name))) }() // it is ours: there was nothing before
	}
	m = Manifest{Format: format, Version: from.Version, At: from.Now().UTC().Truncate(time.Second)}
	if m.Schema, err = snapshot(ctx, from.Database, copied); err != nil {
		return m, err
	}
	files := map[string]string{databaseName: copied}
	if from.Keys != "" {
		files[keysName] = from.Keys
	}
	for _, name := range []string{databaseName, keysName} {
		if files[name] == "" {
			continue
		}
		p, err := sum(name, files[name])
		if err != nil {
			return m, err
		}
		m.Parts = append(m.Parts, p)
	}
	if err := pack(ctx, partial, m, files); err != nil {
		return m, fmt.Errorf("the backup could not be written: %w", err)
	}
	if _, err := Check(ctx, partial); err != nil {
		return m, fmt.Errorf("the backup that was written is not whole: %w", err)
	}
	return m, place(partial, path)
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// place gives a finished file its name, unless something has that name by now.
func place(from, to string) error {
	if err := os.Link(from, to); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fault.New(fault.Conflict, "there is something at "+to+" by now: nothing is overwritten")
		}
		if err := os.Rename(from, to); err != nil { // a disk that knows no links
			return err
		}
	}
	d, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// snapshot copies an SQLite database as it is at one moment into an empty file, checks the copy, and returns its schema version.
func snapshot(ctx context.Context, from, to string) (schema int64, err error) {
	if _, err := os.Stat(from); err != nil {
		return 0, fault.Wrap(fault.NotFound, "there is no database at "+from+": name the house's folder with --data", err)
	}
	db, err := open(from, "rw")
	if err != nil {
		return 0, err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, to)
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, fmt.Errorf("the database could not be copied: %w", err)
	}
	return sound(ctx, to)
}

// private makes an empty file that its owner alone may read.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, "nothing can be written at "+path+": choose another place, or remove what an earlier backup left", err)
	}
	return f.Close()
}

func open(path, mode string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("?", "%3f", "#", "%23", "%", "%25").Replace(path)+"?mode="+mode+"&_pragma=busy_timeout(30000)")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// sound is nil for a database without a flaw, and returns its schema version.
func sound(ctx context.Context, path string) (schema int64, err error) {
	db, err := open(path, "ro")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var word string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&word); err != nil || word != "ok" {
		return 0, fault.Wrap(fault.Invalid, "the copy of the database has a flaw: "+word, err)
	}
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied = 1`).Scan(&schema)
	if err != nil {
		err = fault.Wrap(fault.Invalid, "this is no database of a switchboard", err)
	}
	return schema, err
}

func sum(name, path string) (Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return Part{}, fault.Wrap(fault.Invalid, "this file can't be read: "+path, err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Part{name, n, hex.EncodeToString(h.Sum(nil))}, err
}

func pack(ctx context.Context, path string, m Manifest, files map[string]string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed) // the level is a right one
	t := tar.NewWriter(z)
	err = fill(ctx, t, m, files)
	for _, end := range []func() error{t.Close, z.Close, f.Sync, f.Close} {
		err = errors.Join(err, end())
	}
	return err
}

func fill(ctx context.Context, t *tar.Writer, m Manifest, files map[string]string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(text)), ModTime: m.At}); err != nil {
		return err
	}
	if _, err := t.Write(text); err != nil {
		return err
	}
	for _, p := range m.Parts {
		if err := t.WriteHeader(&tar.Header{Name: p.Name, Mode: 0o600, Size: p.Size, ModTime: m.At}); err != nil {
			return err
		}
		f, err := os.Open(files[p.Name])
		if err != nil {
			return err
		}
		_, err = io.Copy(t, reading{ctx, f})
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// reading is a reader that ends with ctx.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r reading) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}
