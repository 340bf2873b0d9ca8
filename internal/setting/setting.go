package setting

import (
	"context"

	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// table is a name that stands in the source: as the type is not exported, no other package can give a variable for it.
type table string

// Row is where settings are kept. Its secret opens there and nowhere else.
type Row struct{ table table }

// In returns the row of a table, which is given as a constant.
func In(t table) Row { return Row{t} }

func (r Row) sealed() secret.Row {
	return secret.Row{Table: string(r.table), ID: "1", Column: "sealed"}
}

// Choose returns the secret to keep after a change, sealed; nil if none is. was is the sealed one that was kept. given nil, or
// the mask put back, leaves it as it is, an empty one takes it away. lost, if not nil, is the error when a secret would stay
// though what it was entered for has changed.
func (r Row) Choose(ring *secret.Ring, was []byte, given *string, lost error) ([]byte, error) {
	switch {
	case given != nil && *given == "":
		return nil, nil
	case given != nil && *given != secret.Mask:
		return ring.Seal(r.sealed(), []byte(*given))
	case len(was) > 0 && lost != nil:
		return nil, lost
	}
	return was, nil
}

// Open returns the secret in plain; "" if none is kept.
func (r Row) Open(ring *secret.Ring, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := ring.Unseal(r.sealed(), sealed)
	return string(plain), err
}

// Rewrap seals the secret with the newest master key, and returns how many were sealed with an older one: 1 or 0.
func (r Row) Rewrap(ctx context.Context, tx *store.Tx, ring *secret.Ring) (int, error) {
	var content struct{}
	sealed, err := r.Read(ctx, tx, &content)
	if err != nil || len(sealed) == 0 {
		return 0, err
	}
	again, changed, err := ring.Rewrap(sealed)
	if err != nil || !changed {
		return 0, err
	}
	return 1, r.reseal(ctx, tx, again)
}
