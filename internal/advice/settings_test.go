package advice_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"switchboard/internal/advice"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/sim/advisor"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

func good() advice.Settings {
	return advice.Settings{On: true, Address: "https://models.example/v1", Model: "tiny", Timeout: 8 * time.Second, Calls: 10, Tokens: 1000}
}

func TestSettingsThatMakeNoSenseAreRefusedByTheirField(t *testing.T) {
	h := apptest.Open(t, storetest.SQLite(t), app.Options{})
	for name, tt := range map[string]struct {
		change func(s *advice.Settings)
		field  string // "": it is taken
		kept   string // the address, where it is taken
	}{
		"all is well":                            {func(*advice.Settings) {}, "", "https://models.example/v1"},
		"a slash at the end is dropped":          {func(s *advice.Settings) { s.Address += "/" }, "", "https://models.example/v1"},
		"the whole address of the interface":     {func(s *advice.Settings) { s.Address += "/chat/completions" }, "", "https://models.example/v1"},
		"a model in the house, without a cipher": {func(s *advice.Settings) { s.Address = "http://127.0.0.1:11434/v1" }, "", "http://127.0.0.1:11434/v1"},
		"the same by a name":                     {func(s *advice.Settings) { s.Address = "http://models.lan/v1" }, "", "http://models.lan/v1"},
		"outside, without a cipher":              {func(s *advice.Settings) { s.Address = "http://models.example/v1" }, "address", ""},
		"an address in words":                    {func(s *advice.Settings) { s.Address = "my model" }, "address", ""},
		"an address with a password":             {func(s *advice.Settings) { s.Address = "https://a:b@models.example/v1" }, "address", ""},
		"an address with a query":                {func(s *advice.Settings) { s.Address += "?key=1" }, "address", ""},
		"a file":                                 {func(s *advice.Settings) { s.Address = "file:///etc/passwd" }, "address", ""},
		"on without an address":                  {func(s *advice.Settings) { s.Address = "" }, "address", ""},
		"on without a model":                     {func(s *advice.Settings) { s.Model = " " }, "model", ""},
		"off without either":                     {func(s *advice.Settings) { s.On, s.Address, s.Model = false, "", "" }, "", ""},
		"a model on two lines":                   {func(s *advice.Settings) { s.Model = "a\nb" }, "model", ""},
		"no time at all":                         {func(s *advice.Settings) { s.Timeout = 0 }, "timeout", ""},
		"more than a minute":                     {func(s *advice.Settings) { s.Timeout = 61 * time.Second }, "timeout", ""},
		"fewer than no calls":                    {func(s *advice.Settings) { s.Calls = -1 }, "calls", ""},
		"fewer than no tokens":                   {func(s *advice.Settings) { s.Tokens = -1 }, "tokens", ""},
		"a language by its name":                 {func(s *advice.Settings) { s.Languages = []string{"en", "german"} }, "languages[1]", ""},
		"a department that is none":              {func(s *advice.Settings) { s.Departments = []staff.DepartmentID{5} }, "departments[0]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := good()
			tt.change(&s)
			got, err := h.Advice.Change(t.Context(), h.Boss, s, nil)
			var e *fault.Error
			switch {
			case tt.field == "" && (err != nil || got.Address != tt.kept):
				t.Errorf("%q, %v", got.Address, err)
			case tt.field != "" && (!asFault(err, &e) || e.Field != tt.field || e.Kind != fault.Invalid):
				t.Errorf("%v; it should be about %s", err, tt.field)
			}
		})
	}
}

func asFault(err error, e **fault.Error) bool {
	f, ok := err.(*fault.Error)
	*e = f
	return ok
}

func TestOnlyWhoSetsTheHouseMaySetOrTryIt(t *testing.T) {
	h := apptest.Open(t, storetest.SQLite(t), app.Options{})
	for _, role := range append(staff.Roles(), "") {
		who := staff.Actor{Person: 99, Role: role}
		_, err := h.Advice.Settings(t.Context(), who)
		_, err2 := h.Advice.State(t.Context(), who)
		_, err3 := h.Advice.Change(t.Context(), who, good(), nil)
		_, err4 := h.Advice.Try(t.Context(), who)
		for k, err := range []error{err, err2, err3, err4} {
			refused := fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Unsigned)
			if refused == (role == staff.Administrator) {
				t.Errorf("%s, %d: %v", role, k, err)
			}
		}
	}
}

func TestTheKeyIsSealedAndGoesNowhereButToItsAddress(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		w.set(t, nil)
		var content string
		var sealed []byte
		if err := w.Store.Read().QueryRowContext(t.Context(), `SELECT content, sealed FROM advice_setting`).Scan(&content, &sealed); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(content, apiKey) || bytes.Contains(sealed, []byte(apiKey)) || len(sealed) < len(apiKey) {
			t.Error("the key lies in the open")
		}
		for _, e := range w.told(t, journal.AdviceChanged) {
			if strings.Contains(string(e.Data), apiKey) || !strings.Contains(string(e.Data), `"key":true`) {
				t.Errorf("the journal holds %s", e.Data)
			}
		}
		s, err := w.Advice.Settings(t.Context(), w.Boss)
		if err != nil || !s.HasKey {
			t.Fatal(s, err)
		}
		set := func(address string, key *string) (advice.Settings, error) {
			s.Address = address
			return w.Advice.Change(t.Context(), w.Boss, s, key)
		}
		text := func(s string) *string { return &s }
		if _, err := set("https://elsewhere.example/v1", nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("the key would have gone to another address: %v", err)
		}
		if got, err := set(w.url+"/deeper", nil); err != nil || !got.HasKey {
			t.Errorf("another path of the same address: %v", err)
		}
		if got, err := set(w.url, text(secret.Mask)); err != nil || !got.HasKey {
			t.Errorf("the mask put back: %v", err)
		}
		if _, err := set(w.url, text("two words")); !fault.Is(err, fault.Invalid) {
			t.Errorf("a key of two words: %v", err)
		}
		if tr, err := w.Advice.Try(t.Context(), w.Boss); err != nil || tr.Answer == nil {
			t.Errorf("the key is not what it was: %+v, %v", tr, err)
		}
		if got, err := set("https://elsewhere.example/v1", text("")); err != nil || got.HasKey {
			t.Errorf("without a key: %v", err)
		}
	})
}

func TestTheKeyIsSealedAnewWhenTheMasterKeyChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.set(t, nil)
		path := t.TempDir() + "/keys"
		ring, err := secret.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		w.Advice.Ring = ring
		w.set(t, nil)
		next, err := secret.Rotate(path)
		if err != nil {
			t.Fatal(err)
		}
		for want := 1; want >= 0; want-- { // the second time there is nothing to do
			if n, err := advice.Rewrap(t.Context(), w.Store, next); err != nil || n != want {
				t.Errorf("%d were sealed anew, %v; want %d", n, err, want)
			}
		}
		w.Advice.Ring = next
		if tr, err := w.Advice.Try(t.Context(), w.Boss); err != nil || tr.Answer == nil {
			t.Errorf("%+v, %v", tr, err)
		}
	})
}

func TestATryShowsWhatLeftAndWhatCameBack(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		if _, err := w.Advice.Try(t.Context(), w.Boss); !fault.Is(err, fault.Invalid) {
			t.Errorf("without an address: %v", err)
		}
		w.model.Knows = []advisor.Lesson{{Word: "invoice", Department: "Accounts", Intent: "billing"}}
		w.set(t, off) // one can try before one switches it on
		tr, err := w.Advice.Try(t.Context(), w.Boss)
		if err != nil || tr.Trouble != "" || tr.Status != 200 || tr.Answer == nil || tr.Answer.Intent != "billing" || len(tr.Answer.Departments) != 1 ||
			tr.Answer.Departments[0] != w.Department(t, "Accounts") {
			t.Fatalf("%+v, %v", tr, err)
		}
		_, turn, _ := strings.Cut(tr.Left, `"messages"`)
		for _, p := range []string{"Jane", "Roe", "4111", "338812", "jane", "7946", "NWBK", "acme_help", "mail=", apiKey} {
			if strings.Contains(turn, p) {
				t.Errorf("%q left in %s", p, turn)
			}
			if p != apiKey && !strings.Contains(advice.Sample(), p) {
				t.Errorf("the sample does not show what becomes of %q", p)
			}
		}
		w.model.Key = "another"
		tr, err = w.Advice.Try(t.Context(), w.Boss)
		if err != nil || tr.Status != 401 || !strings.Contains(tr.Trouble, "check the key") || strings.Contains(tr.Came, apiKey) || !strings.Contains(tr.Came, secret.Mask) {
			t.Errorf("a far side that repeats the key: %+v, %v", tr, err)
		}
		if s := w.state(t); s.Today.Calls != 2 || s.Trouble != "" {
			t.Errorf("%+v", s)
		}
	})
}
