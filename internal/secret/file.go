package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const fileHead = `# The master keys of a Switchboard installation, oldest first; the last one seals.
# Without this file the stored tokens and passwords cannot be read: keep a copy of it,
# apart from the copies of the database.
`

// Open reads the key file at path. If there is none it makes one with a new key, readable by the owner alone, and
// Created tells of it. Two programs that start at once get the same key.
func Open(path string) (*Ring, error) {
	r, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	switch err := write(path, fileHead+line(newKey()), placeNew); {
	case errors.Is(err, fs.ErrExist): // another program was quicker
		return read(path)
	case err != nil:
		return nil, fmt.Errorf("the key file %s cannot be made: %w", path, err)
	}
	if r, err = read(path); err != nil {
		return nil, err
	}
	r.created = true
	return r, nil
}

// Rotate adds a new key to the file at path, which seals from now on, and returns the new ring. A running program goes on
// sealing with the key it has, and reads the file again as soon as it meets a value sealed with the new one.
func Rotate(path string) (*Ring, error) {
	if _, err := read(path); err != nil {
		return nil, err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the key file %s cannot be read: %w", path, err)
	}
	text := strings.TrimRight(string(old), "\n") + "\n" + line(newKey())
	if err := write(path, text, os.Rename); err != nil {
		return nil, fmt.Errorf("the key file %s cannot be changed: %w", path, err)
	}
	return read(path)
}

func line(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) + "\n" }

func read(path string) (*Ring, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the key file %s cannot be read: %w", path, err)
	}
	if about.IsDir() {
		return nil, fmt.Errorf("the key file %s is a folder: name a file in it", path)
	}
	if about.Mode().Perm()&0o007 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the key file %s can be read by everybody on this machine: run “chmod 600 %s”", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the key file %s cannot be read: %w", path, err)
	}
	r, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("the key file %s is damaged: %w", path, err)
	}
	r.path = path
	return r, nil
}

// write puts text at path whole or not at all, by way of a file beside it that place then moves there.
func write(path, text string, place func(from, to string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already after a rename
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := place(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// placeNew moves a file to a name that nobody has yet.
func placeNew(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); err == nil { // a file system without links
		return fs.ErrExist
	}
	return os.Rename(from, to)
}

// syncFolder makes a new name in a folder outlast a power cut.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
