package secret

import (
	"bytes"
	"crypto/rand"
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var place = Row{"account", "0abcdefghjkmn", "settings"}

func seal(t testing.TB, r *Ring, row Row, plain string) []byte {
	t.Helper()
	sealed, err := r.Seal(row, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestWhatIsSealedOpensInItsPlaceOnly(t *testing.T) {
	r := Random()
	sealed := seal(t, r, place, "a token")
	if plain, err := r.Unseal(place, sealed); err != nil || string(plain) != "a token" {
		t.Errorf("in its place: %q, %v", plain, err)
	}
	for name, row := range map[string]Row{
		"another row":                  {"account", "0abcdefghjkmp", "settings"},
		"another column":               {"account", "0abcdefghjkmn", "token"},
		"another table":                {"person", "0abcdefghjkmn", "settings"},
		"a row that reads alike":       {"account0", "abcdefghjkmn", "settings"},
		"another row that reads alike": {"account", "0abcdefghjkmnsettings", ""},
	} {
		t.Run(name, func(t *testing.T) {
			plain, err := r.Unseal(row, sealed)
			if err == nil || !strings.Contains(err.Error(), "sealed for another place") || plain != nil {
				t.Errorf("%q, %v", plain, err)
			}
		})
	}
}

func TestSealAndUnseal(t *testing.T) {
	r := Random()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		row := Row{rapid.StringN(1, 9, 99).Draw(t, "table"), rapid.StringN(1, 9, 99).Draw(t, "id"), rapid.StringN(1, 9, 99).Draw(t, "column")}
		sealed, err := r.Seal(row, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Unseal(row, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q, %v; want %q", got, err, plain)
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain) {
			t.Fatal("the plain text shows")
		}
		other := Row{rapid.StringN(1, 9, 99).Draw(t, "table"), rapid.StringN(1, 9, 99).Draw(t, "id"), rapid.StringN(1, 9, 99).Draw(t, "column")}
		if _, err := r.Unseal(other, sealed); other != row && err == nil {
			t.Fatalf("it opens at %v too", other)
		}
	})
}

func TestEveryFlippedBitAndEveryCutIsNoticed(t *testing.T) {
	r := Random()
	sealed := seal(t, r, place, "a token")
	for i := range len(sealed) * 8 {
		bad := bytes.Clone(sealed)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := r.Unseal(place, bad); err == nil {
			t.Fatalf("bit %d may be flipped", i)
		}
		if _, _, err := r.Rewrap(bad); err == nil && i/8 < headSize {
			t.Fatalf("bit %d may be flipped before a rewrap", i)
		}
	}
	for i := range sealed {
		if _, err := r.Unseal(place, sealed[:i]); err == nil {
			t.Fatalf("it may be cut after %d bytes", i)
		}
	}
}

func TestTheSameValueIsNeverSealedAlike(t *testing.T) {
	r := Random()
	seen := map[string]bool{}
	for range 1000 {
		s := seal(t, r, place, "same")
		for _, part := range []string{string(s[1+idSize : headSize]), string(s[headSize:])} {
			if seen[part] {
				t.Fatal("two are alike")
			}
			seen[part] = true
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	r := Random()
	sealed := seal(t, r, place, "swordfish")
	newer := bytes.Clone(sealed)
	newer[0] = 2
	for name, tt := range map[string]struct {
		ring   *Ring
		sealed []byte
		says   string
	}{
		"another key file":   {Random(), sealed, "put back the key file"},
		"an empty value":     {r, nil, "enter the secret again"},
		"a newer form":       {r, newer, "newer version"},
		"a value cut short":  {r, sealed[:50], "cut short"},
		"something not ours": {r, bytes.Repeat([]byte("x"), 200), "not known here"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.ring.Unseal(place, tt.sealed)
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), place.String()) {
				t.Errorf("it says %v; want %q and the place", err, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), "swordfish") {
				t.Error("the secret is in it")
			}
		})
	}
	if _, err := r.Seal(Row{Table: "account", Column: "settings"}, nil); err == nil {
		t.Error("a value without a row may be sealed")
	}
}

func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	old, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	values := map[Row][]byte{}
	for i := range 1000 {
		row := Row{"account", fmt.Sprint(i), "settings"}
		values[row] = seal(t, old, row, "token "+row.ID)
	}
	link := old.Derive("link")
	r, err := Rotate(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.IDs()); n != 2 || r.IDs()[0] != old.IDs()[0] || r.Created() {
		t.Fatalf("after the rotation there are %d keys, %v", n, r.IDs())
	}
	start := time.Now()
	for row, sealed := range values {
		if r.Current(sealed) {
			t.Fatal("a value is said to need the new key before it does")
		}
		next, changed, err := r.Rewrap(sealed)
		if err != nil || !changed || !r.Current(next) {
			t.Fatal(changed, err)
		}
		if plain, err := r.Unseal(row, next); err != nil || string(plain) != "token "+row.ID {
			t.Fatalf("rewrapped: %q, %v", plain, err)
		}
		if plain, err := r.Unseal(row, sealed); err != nil || string(plain) != "token "+row.ID {
			t.Fatalf("not yet rewrapped: %q, %v", plain, err)
		}
		if _, err := r.Unseal(Row{"account", row.ID + "0", "settings"}, next); err == nil {
			t.Fatal("a rewrapped value opens in another row")
		}
		if again, changed, err := r.Rewrap(next); err != nil || changed || !bytes.Equal(again, next) {
			t.Fatal("it is rewrapped twice", err)
		}
	}
	t.Logf("1,000 values rewrapped and read thrice in %v", time.Since(start))
	row := Row{"account", "new", "settings"}
	if plain, err := old.Unseal(row, seal(t, r, row, "x")); err != nil || string(plain) != "x" || len(old.IDs()) != 2 {
		t.Errorf("a program that ran on does not open what the new key sealed: %q, %v", plain, err)
	}
	if all := r.DeriveAll("link"); len(all) != 2 || !bytes.Equal(all[1], link) || bytes.Equal(all[0], link) || !bytes.Equal(all[0], r.Derive("link")) {
		t.Error("what was signed before the rotation is not accepted any more, or the new key does not come first")
	}
}

func TestDerivedKeysAreApart(t *testing.T) {
	r := Random()
	a, b := r.Derive("session cookie"), r.Derive("mail reply")
	if len(a) != 32 || bytes.Equal(a, b) || !bytes.Equal(a, r.Derive("session cookie")) || bytes.Equal(a, Random().Derive("session cookie")) {
		t.Error("they are not")
	}
	if bytes.Equal(a, r.keys()[0].raw) || bytes.Equal(r.Derive("key id"), derive(r.keys()[0].raw, "key id")) {
		t.Error("a purpose reaches a key of our own")
	}
}

func TestTheKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "keys")
	first, err := Open(path)
	if err != nil || !first.Created() {
		t.Fatal(err)
	}
	if about, err := os.Stat(path); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v; want 0600", about.Mode(), err)
	}
	again, err := Open(path)
	if err != nil || again.Created() || again.IDs()[0] != first.IDs()[0] {
		t.Errorf("opened again it has the keys %v, %v", again.IDs(), err)
	}
	if plain, err := again.Unseal(place, seal(t, first, place, "x")); err != nil || string(plain) != "x" {
		t.Errorf("opened again it unseals %q, %v", plain, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) > 0 {
		t.Errorf("%v is left behind", left)
	}
}

func TestProgramsThatStartAtOnceGetOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	var mu sync.Mutex
	var wg sync.WaitGroup
	ids, made := map[string]bool{}, 0
	for range 20 {
		wg.Go(func() {
			r, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids[r.IDs()[0]] = true
			if r.Created() {
				made++
			}
		})
	}
	wg.Wait()
	if len(ids) != 1 || made != 1 {
		t.Errorf("%d keys, made %d times", len(ids), made)
	}
}

func TestAWrongKeyFileIsNamed(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(newKey())
	for name, tt := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"empty":                   {"", 0o600, "no key"},
		"comments only":           {"# nothing\n", 0o600, "no key"},
		"a key too short":         {base64.StdEncoding.EncodeToString(make([]byte, 16)), 0o600, "line 1 is not a key"},
		"not base64":              {"# keys\nswordfish\n", 0o600, "line 2 is not a key"},
		"zeros":                   {base64.StdEncoding.EncodeToString(make([]byte, 32)), 0o600, "zeros"},
		"a key twice":             {good + "\n" + good, 0o600, "twice"},
		"readable for everybody":  {good, 0o644, "chmod 600"},
		"writable for everybody":  {good, 0o602, "chmod 600"},
		"cut in the middle":       {good[:20], 0o600, "line 1 is not a key"},
		"a key with one too many": {good + "A", 0o600, "line 1 is not a key"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("it says %v; want %q and the path", err, tt.says)
			}
			if err != nil && (strings.Contains(err.Error(), good) || strings.Contains(err.Error(), "swordfish")) {
				t.Error("a key is in it")
			}
			if kept, _ := os.ReadFile(path); string(kept) != tt.text {
				t.Error("the file was changed")
			}
		})
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Rotate(filepath.Join(t.TempDir(), "keys")); err == nil {
		t.Error("a file that is not there may be rotated")
	}
}

func TestARingFromTheEnvironment(t *testing.T) {
	a, b := base64.StdEncoding.EncodeToString(newKey()), base64.StdEncoding.EncodeToString(newKey())
	for name, text := range map[string]string{"commas": a + "," + b, "spaces": " " + a + "  " + b + " ", "lines": a + "\r\n\r\n# the newer\r\n" + b + "\r\n"} {
		t.Run(name, func(t *testing.T) {
			if r, err := Parse(text); err != nil || len(r.IDs()) != 2 || r.Created() {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestATextShowsNothing(t *testing.T) {
	const word = "swordfish"
	text := Hide(word)
	type inner struct {
		Shown  Text
		hidden Text
		Ptr    *Text
	}
	v := inner{text, text, &text}
	var out bytes.Buffer
	for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))} {
		log.Info("a", "text", text, "ptr", &text, "in", v, "list", []Text{text}, "map", map[string]Text{"a": text})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, text, &text, v, []any{text, v})
	}
	fmt.Fprint(&out, text, v, fmt.Errorf("x %w %v", fmt.Errorf("%v", text), v))
	j, err := json.Marshal(map[string]any{"a": text, "b": v, "c": map[string]any{"d": &text}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(j)
	if _, err := driver.DefaultParameterConverter.ConvertValue(text); err == nil {
		t.Error("it may be stored as it is")
	} else {
		out.WriteString(err.Error())
	}
	if err := json.Unmarshal([]byte(`{"`+word+`":1}`), &text); err == nil {
		t.Error("an object is read as a secret")
	} else {
		out.WriteString(err.Error())
	}
	shown := out.String()
	for _, form := range []string{word, fmt.Sprintf("%x", word), fmt.Sprintf("%X", word), base64.StdEncoding.EncodeToString([]byte(word))} {
		if strings.Contains(shown, form) {
			t.Errorf("it shows as %q in %q", form, shown)
		}
	}
	if !strings.Contains(shown, Mask) || text.Reveal() != word {
		t.Error("it is not masked, or lost")
	}
}

func TestATextIsReadFromJSON(t *testing.T) {
	var in struct{ A, B, C Text }
	if err := json.Unmarshal([]byte(`{"A":"swordfish","B":"","C":null}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.A.Reveal() != "swordfish" || !in.B.IsZero() || !in.C.IsZero() || in.B.String() != "" {
		t.Errorf("%q %q %q", in.A.Reveal(), in.B.Reveal(), in.C.Reveal())
	}
}

func FuzzUnseal(f *testing.F) {
	r := Random()
	sealed, _ := r.Seal(place, []byte("x"))
	f.Add(sealed)
	f.Fuzz(func(t *testing.T, b []byte) {
		if plain, err := r.Unseal(place, b); err == nil && !bytes.Equal(b, sealed) {
			t.Errorf("%q opens as %q", b, plain)
		}
		_, _, _ = r.Rewrap(b)
	})
}

func BenchmarkUnseal(b *testing.B) {
	r := Random()
	plain := make([]byte, 1000)
	_, _ = rand.Read(plain)
	sealed := seal(b, r, place, string(plain))
	for b.Loop() {
		if _, err := r.Unseal(place, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
