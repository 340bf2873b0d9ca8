package setting_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"switchboard/internal/secret"
	"switchboard/internal/setting"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

type content struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

var row = setting.In("mail_setting")

func TestWhatIsSetComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		usual := content{Port: 465}
		got := usual
		if sealed, err := row.Read(t.Context(), s.Read(), &got); err != nil || len(sealed) > 0 || got != usual {
			t.Fatalf("before anything is set: %+v, %x, %v", got, sealed, err)
		}
		for _, want := range []struct {
			content content
			sealed  []byte
		}{{content{"mail.acme.example", 587}, []byte("sealed")}, {content{"post.acme.example", 25}, nil}} {
			err := s.Tx(t.Context(), func(tx *store.Tx) error {
				return row.Save(t.Context(), tx, want.content, want.sealed, 7, time.UnixMicro(1))
			})
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := row.Read(t.Context(), s.Read(), &got)
			if err != nil || got != want.content || !bytes.Equal(sealed, want.sealed) {
				t.Errorf("%+v, %x, %v; want %+v", got, sealed, err, want)
			}
		}
		if sealed, err := setting.In("advice_setting").Read(t.Context(), s.Read(), &got); err != nil || len(sealed) > 0 {
			t.Errorf("another's row: %x, %v", sealed, err)
		}
	})
}

func TestWhichSecretIsKept(t *testing.T) {
	ring, lost := secret.Random(), errors.New("enter it again")
	text := func(s string) *string { return &s }
	old, err := row.Choose(ring, nil, text("old"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		was   []byte
		given *string
		lost  error
		want  string
		err   error
	}{
		"none stays none":                               {nil, nil, nil, "", nil},
		"none has nothing to lose":                      {nil, nil, lost, "", nil},
		"nothing given leaves it":                       {old, nil, nil, "old", nil},
		"the mask put back leaves it":                   {old, text(secret.Mask), nil, "old", nil},
		"an empty one takes it away":                    {old, text(""), nil, "", nil},
		"a new one is kept":                             {old, text("new"), nil, "new", nil},
		"it does not go elsewhere by itself":            {old, nil, lost, "", lost},
		"nor with the mask":                             {old, text(secret.Mask), lost, "", lost},
		"elsewhere it is taken away":                    {old, text(""), lost, "", nil},
		"elsewhere a new one is kept":                   {old, text("new"), lost, "new", nil},
		"the first one is kept, whatever it belongs to": {nil, text("new"), lost, "new", nil},
	} {
		t.Run(name, func(t *testing.T) {
			sealed, err := row.Choose(ring, tt.was, tt.given, tt.lost)
			if !errors.Is(err, tt.err) {
				t.Fatal(err)
			}
			if got, err := row.Open(ring, sealed); err != nil || got != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
	if got, err := setting.In("advice_setting").Open(ring, old); err == nil {
		t.Errorf("another row opened %q", got)
	}
}

func TestTheSecretIsSealedAnewOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		path := t.TempDir() + "/keys"
		ring, err := secret.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		rewrap := func(ctx context.Context, ring *secret.Ring, want int) {
			t.Helper()
			err := s.Tx(ctx, func(tx *store.Tx) error {
				n, err := row.Rewrap(ctx, tx, ring)
				if n != want {
					t.Errorf("%d were sealed anew; want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rewrap(t.Context(), ring, 0) // nothing is set
		plain := "a password"
		sealed, err := row.Choose(ring, nil, &plain, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Tx(t.Context(), func(tx *store.Tx) error {
			return row.Save(t.Context(), tx, content{"mail.acme.example", 587}, sealed, 7, time.UnixMicro(1))
		})
		if err != nil {
			t.Fatal(err)
		}
		next, err := secret.Rotate(path)
		if err != nil {
			t.Fatal(err)
		}
		rewrap(t.Context(), next, 1)
		rewrap(t.Context(), next, 0)
		var got content
		again, err := row.Read(t.Context(), s.Read(), &got)
		if err != nil || got.Port != 587 || bytes.Equal(again, sealed) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := row.Open(next, again); err != nil || got != plain {
			t.Errorf("%q, %v", got, err)
		}
	})
}
