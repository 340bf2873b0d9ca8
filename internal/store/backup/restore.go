package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

// Check reads a backup from its beginning to its end and holds it against its sums.
func Check(ctx context.Context, path string) (Manifest, error) {
	return read(ctx, path, func(Part) (io.WriteCloser, error) { return nopCloser{io.Discard}, nil })
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// Restore makes a house in folder, which must be empty or not there, of the backup at path. When the database lies there and
// is sound, and before it gets its name, ready is called with its path: what has to be done before anybody may use it. If
// that fails, or anything else, nothing of it is left.
func Restore(ctx context.Context, path, folder string, ready func(database string) error) (m Manifest, err error) {
	if err := empty(folder); err != nil {
		return m, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return m, fault.Wrap(fault.Invalid, "the folder can't be made: choose another with --data", err)
	}
	at := func(name string) string { return filepath.Join(folder, name+".restoring") }
	defer func() {
		for _, name := range []string{databaseName, keysName} {
			for _, end := range []string{"", "-wal", "-shm", "-journal"} {
				err = errors.Join(err, gone(os.Remove(at(name)+end)))
			}
		}
	}()
	m, err = read(ctx, path, func(p Part) (io.WriteCloser, error) {
		return os.OpenFile(at(p.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	})
	if err != nil {
		return m, err
	}
	if schema, err := sound(ctx, at(databaseName)); err != nil || schema != m.Schema {
		return m, errors.Join(err, fault.New(fault.Invalid, "the database in the backup is not the one it says: take another backup"))
	}
	if err := ready(at(databaseName)); err != nil {
		return m, err
	}
	if m.Keys() { // first: a database without its keys would be given new ones
		if err := place(at(keysName), filepath.Join(folder, keysName)); err != nil {
			return m, err
		}
	}
	return m, place(at(databaseName), filepath.Join(folder, databaseName))
}

// empty is nil for a folder in which nothing of a house is; the file that keeps two programs apart may be there.
func empty(folder string) error {
	list, err := os.ReadDir(folder)
	if err != nil {
		return gone(err)
	}
	for _, e := range list {
		if e.Name() != "lock" && e.Name() != "lost+found" {
			return fault.New(fault.Conflict, "the folder "+folder+" is not empty: nothing is overwritten; name a new one with --data")
		}
	}
	return nil
}

// read goes through a backup, writes each part where to says, and checks everything that can be checked.
func read(ctx context.Context, path string, to func(Part) (io.WriteCloser, error)) (m Manifest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, fault.Wrap(fault.NotFound, "the backup can't be read: "+path, err)
	}
	defer f.Close()
	z, err := gzip.NewReader(reading{ctx, f})
	if err != nil {
		return m, notOurs(err)
	}
	t := tar.NewReader(z)
	if m, err = manifest(t); err != nil {
		return m, err
	}
	for _, p := range m.Parts {
		h, err := t.Next()
		if err != nil || h.Name != p.Name || h.Size != p.Size || h.Typeflag != tar.TypeReg {
			return m, broken(p.Name, err)
		}
		if err := part(t, p, to); err != nil {
			return m, err
		}
	}
	if _, err := t.Next(); !errors.Is(err, io.EOF) {
		return m, broken("its end", err)
	}
	if _, err := io.Copy(io.Discard, z); err != nil { // gzip's own sum stands last
		return m, broken("its end", err)
	}
	return m, nil
}

func part(t io.Reader, p Part, to func(Part) (io.WriteCloser, error)) error {
	w, err := to(p)
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), t)
	if s, ok := w.(interface{ Sync() error }); ok {
		err = errors.Join(err, s.Sync())
	}
	err = errors.Join(err, w.Close())
	if err != nil || n != p.Size || hex.EncodeToString(h.Sum(nil)) != p.SHA256 {
		return broken(p.Name, err)
	}
	return nil
}

func manifest(t *tar.Reader) (m Manifest, err error) {
	h, err := t.Next()
	if err != nil || h.Name != manifestName || h.Size > mostManifest {
		return m, notOurs(err)
	}
	if err := json.NewDecoder(t).Decode(&m); err != nil {
		return m, notOurs(err)
	}
	newest, err := store.Schema()
	switch {
	case err != nil:
		return m, err
	case m.Format != format || m.Schema > newest:
		return m, fault.Newf(fault.Invalid, "the backup is of a newer switchboard (%s, schema %d; this one knows up to %d): restore it with that one", m.Version, m.Schema, newest)
	case len(m.Parts) == 0 || len(m.Parts) > 2 || m.Parts[0].Name != databaseName || len(m.Parts) == 2 && m.Parts[1].Name != keysName:
		return m, notOurs(nil)
	}
	return m, nil
}

func notOurs(err error) error {
	return fault.Wrap(fault.Invalid, "this is no backup made by switchboard backup, or its beginning is broken", err)
}

func broken(what string, err error) error {
	return fault.Wrap(fault.Invalid, "the backup is broken ("+what+"): take another one", fmt.Errorf("%w", errors.Join(err, errors.New("the sums differ"))))
}
