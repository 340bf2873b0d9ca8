package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

const (
	keySize = 32 // AES-256
	idSize  = 4
)

// Ring holds the master keys, oldest first. The newest seals; all of them open. It is safe for several goroutines. A ring
// that was read from a file reads it again when it meets a key that it does not know: keys may be added while it runs.
type Ring struct {
	held    atomic.Pointer[[]key] // replaced, never changed
	path    string                // "" if not from a file
	created bool
}

func (r *Ring) keys() []key {
	if k := r.held.Load(); k != nil {
		return *k
	}
	return nil
}

type key struct {
	id   [idSize]byte // made from the key, so that it cannot belong to another
	raw  []byte
	aead cipher.AEAD
}

// Parse reads a ring as it stands in a key file: one key a line (or separated by spaces or commas, which is handier in an
// environment variable), in base64, oldest first. Lines beginning with # are comments. No error quotes a key.
func Parse(text string) (*Ring, error) {
	r := &Ring{}
	for n, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' || c == '\r' }) {
			raw, err := base64.StdEncoding.DecodeString(word)
			if err != nil || len(raw) != keySize {
				return nil, fmt.Errorf("line %d is not a key: 44 characters of base64 are (the 32 bytes that “openssl rand -base64 32” prints)", n+1)
			}
			if err := r.add(raw); err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	if len(r.keys()) == 0 {
		return nil, fmt.Errorf("there is no key in it: a line of 44 characters of base64 is wanted (the 32 bytes that “openssl rand -base64 32” prints)")
	}
	return r, nil
}

// Random returns a ring of one new key that is kept nowhere: for tests, and for a demo that forgets everything.
func Random() *Ring {
	r := &Ring{created: true}
	if err := r.add(newKey()); err != nil {
		panic(err) // 32 random bytes are always a key
	}
	return r
}

func newKey() []byte {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw) // never fails: it stops the program instead
	return raw
}

func (r *Ring) add(raw []byte) error {
	if bytes.Equal(raw, make([]byte, keySize)) {
		return fmt.Errorf("a key of nothing but zeros is no key")
	}
	aead, err := gcm(raw)
	if err != nil {
		return err
	}
	k := key{raw: raw, aead: aead}
	copy(k.id[:], derive(raw, "key id"))
	for _, old := range r.keys() {
		if old.id == k.id {
			return fmt.Errorf("the key %s is there twice", hex.EncodeToString(k.id[:]))
		}
	}
	keys := append(slices.Clone(r.keys()), k)
	r.held.Store(&keys)
	return nil
}

// gcm returns AES-256-GCM that puts a random nonce before what it seals.
func gcm(raw []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (r *Ring) newest() key {
	keys := r.keys()
	return keys[len(keys)-1]
}

func (r *Ring) find(id []byte) (key, error) {
	if k, ok := r.known(id); ok {
		return k, nil
	}
	if r.path != "" {
		if now, err := read(r.path); err == nil {
			if k, ok := now.known(id); ok {
				r.held.Store(now.held.Load())
				return k, nil
			}
		}
	}
	return key{}, fmt.Errorf("it is sealed with the key %s, which is not in the key file: put back the key file that belongs to this database", hex.EncodeToString(id))
}

func (r *Ring) known(id []byte) (key, bool) {
	for _, k := range r.keys() {
		if bytes.Equal(k.id[:], id) {
			return k, true
		}
	}
	return key{}, false
}

// Created reports whether the ring was made just now. With a database that already holds sealed values that means that the
// key file is lost or elsewhere, and is worth a loud word.
func (r *Ring) Created() bool { return r.created }

// IDs returns the names of the keys, oldest first. They say nothing about the keys and may be shown.
func (r *Ring) IDs() []string {
	var ids []string
	for _, k := range r.keys() {
		ids = append(ids, hex.EncodeToString(k.id[:]))
	}
	return ids
}

// Derive returns a key of 32 bytes for one purpose ("session cookie", "mail reply"), made from the newest master key. Who
// knows it learns nothing of the master key or of another purpose's.
func (r *Ring) Derive(purpose string) []byte { return derive(r.newest().raw, "for "+purpose) }

// DeriveAll returns the keys for a purpose from every master key, newest first. Sign with the first, accept any: so what
// was signed before a rotation stays good.
func (r *Ring) DeriveAll(purpose string) [][]byte {
	var all [][]byte
	for _, k := range slices.Backward(r.keys()) {
		all = append(all, derive(k.raw, "for "+purpose))
	}
	return all
}

func derive(raw []byte, info string) []byte {
	out, err := hkdf.Key(sha256.New, raw, []byte("switchboard"), info, keySize)
	if err != nil {
		panic(err) // only for more than 255 hashes of output
	}
	return out
}
