package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/sim/advisor"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

// The key goes in, is used, and comes out nowhere; a try shows what left and what came back.
func TestALanguageModelIsSetAndTriedOverTheAPI(t *testing.T) {
	const key = "sk-marker-of-a-language-model"
	m := &advisor.Model{Key: key, Knows: []advisor.Lesson{{Word: "invoice", Department: "Accounts", Intent: "billing"}}}
	far := httptest.NewServer(m.Handler())
	defer far.Close()
	h := apptest.Open(t, storetest.SQLite(t), app.Options{Allow: []string{far.Listener.Addr().String()}})
	_, secret, err := h.Staff.MakeKey(t.Context(), h.Boss, "k", []staff.Scope{staff.Admin})
	if err != nil {
		t.Fatal(err)
	}
	call := func(method, path, body string) (int, string) {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.API.Handler().ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), key) {
			t.Errorf("%s %s answers with the key: %s", method, path, w.Body)
		}
		return w.Code, w.Body.String()
	}
	form := func(address, more string) string {
		return `{"on":true,"address":"` + address + `","model":"tiny","seconds":5,"calls":9,"tokens":90000,"languages":[],"departments":[]` + more + `}`
	}
	if code, body := call(http.MethodGet, "/api/advice", ""); code != 200 || !strings.Contains(body, `"on":false`) {
		t.Errorf("at first: %d %s", code, body)
	}
	if code, body := call(http.MethodPut, "/api/advice", form("http://models.example/v1", "")); code != 422 || !strings.Contains(body, "address") {
		t.Errorf("an address without encryption: %d %s", code, body)
	}
	if code, body := call(http.MethodPut, "/api/advice", form(far.URL+"/v1", `,"key":"`+key+`"`)); code != 200 || !strings.Contains(body, `"hasKey":true`) {
		t.Fatalf("set: %d %s", code, body)
	}
	code, body := call(http.MethodPost, "/api/advice/try", "")
	var got struct {
		Left   string
		Answer *struct {
			Intent      string
			Departments []struct{ Name string }
		}
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != 200 || got.Answer == nil || got.Answer.Intent != "billing" ||
		got.Answer.Departments[0].Name != "Accounts" || !strings.Contains(got.Left, "[card]") {
		t.Errorf("tried: %d %s", code, body)
	}
	if code, body := call(http.MethodGet, "/api/advice", ""); code != 200 || !strings.Contains(body, `"today":{"calls":1`) || strings.Contains(body, `"trouble"`) {
		t.Errorf("afterwards: %d %s", code, body)
	}
}
