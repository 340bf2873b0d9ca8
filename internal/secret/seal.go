package secret

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Row is where a sealed value is kept. The value opens there and nowhere else, so a row's ID must never be used again.
type Row struct {
	Table, ID, Column string
}

func (r Row) String() string { return r.Table + " " + r.ID + " " + r.Column }

// bound is what binds a value to its row. Lengths come first, so no two rows look alike.
func (r Row) bound() []byte {
	b := []byte{version}
	for _, s := range []string{r.Table, r.ID, r.Column} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// A sealed value is: version, id of the master key, data key sealed with the master key, value sealed with the data key.
const (
	version     = 1
	sealing     = 12 + 16 // nonce and tag of AES-GCM
	wrappedSize = keySize + sealing
	headSize    = 1 + idSize + wrappedSize
)

// Seal encrypts plain for row with a data key of its own.
func (r *Ring) Seal(row Row, plain []byte) ([]byte, error) {
	if row.Table == "" || row.ID == "" || row.Column == "" {
		return nil, fmt.Errorf("seal %v: a table, an id and a column are wanted", row)
	}
	data := newKey()
	aead, err := gcm(data)
	if err != nil {
		return nil, err
	}
	master := r.newest()
	out := make([]byte, 0, headSize+sealing+len(plain))
	out = append(out, version)
	out = append(out, master.id[:]...)
	out = master.aead.Seal(out, nil, data, out[:1+idSize])
	return aead.Seal(out, nil, plain, row.bound()), nil
}

// Unseal decrypts what Seal made for the same row. The error says what to do, and never what was in it.
func (r *Ring) Unseal(row Row, sealed []byte) ([]byte, error) {
	data, _, err := r.unwrap(sealed)
	if err != nil {
		return nil, fmt.Errorf("%v cannot be unsealed: %w", row, err)
	}
	aead, err := gcm(data)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed[headSize:], row.bound())
	if err != nil {
		return nil, fmt.Errorf("%v cannot be unsealed: it was sealed for another place, or has been changed; enter the secret again", row)
	}
	return plain, nil
}

// Rewrap returns sealed so that it needs the newest master key only, and whether that made a difference. The value itself is
// not looked at, so no row is wanted.
func (r *Ring) Rewrap(sealed []byte) ([]byte, bool, error) {
	data, old, err := r.unwrap(sealed)
	if err != nil {
		return nil, false, fmt.Errorf("rewrap: %w", err)
	}
	master := r.newest()
	if old.id == master.id {
		return sealed, false, nil
	}
	out := make([]byte, 0, len(sealed))
	out = append(out, version)
	out = append(out, master.id[:]...)
	out = master.aead.Seal(out, nil, data, out[:1+idSize])
	return append(out, sealed[headSize:]...), true, nil
}

// Current reports whether sealed needs the newest master key, and so need not be rewrapped.
func (r *Ring) Current(sealed []byte) bool {
	id := r.newest().id
	return len(sealed) > idSize && bytes.Equal(sealed[1:1+idSize], id[:])
}

func (r *Ring) unwrap(sealed []byte) (data []byte, master key, err error) {
	switch {
	case len(sealed) < headSize+sealing:
		return nil, key{}, errors.New("it is cut short; enter the secret again")
	case sealed[0] != version:
		return nil, key{}, fmt.Errorf("its form %d is not known here: a newer version of this program sealed it", sealed[0])
	}
	if master, err = r.find(sealed[1 : 1+idSize]); err != nil {
		return nil, key{}, err
	}
	data, err = master.aead.Open(nil, nil, sealed[1+idSize:headSize], sealed[:1+idSize])
	if err != nil {
		return nil, key{}, errors.New("it has been changed; enter the secret again")
	}
	return data, master, nil
}
