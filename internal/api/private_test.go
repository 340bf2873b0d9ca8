package api_test

import (
	"context"
	"strings"
	"testing"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// A call whose closing line can't be said is not noted either: who shortens it and sends it again has noted one call.
func TestACallIsNotedWithItsClosingLineOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		sales := w.department(t, "Sales")
		bob := w.as(t, w.hire(t, staff.Member, sales))
		c := w.talk(t, sales).conversation
		path := "/api/conversations/" + c.String() + "/calls"
		call := func(closing string) []byte {
			return []byte(`{"reached":true,"said":"All is well.","then":"closed","closing":"` + closing + `"}`)
		}
		now := func() (is desk.Conversation) {
			w.tx(t, func(tx *store.Tx) (err error) { is, err = desk.LoadOne(context.Background(), tx, c); return err })
			return is
		}
		was := now()
		calls := func() int {
			list, err := desk.CallsOf(context.Background(), w.Store.Read(), c)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		for name, closing := range map[string]string{"one that is too long": strings.Repeat("x", 10000), "one of nothing": "  "} {
			if a := bob.do("POST", path, call(closing), "Idempotency-Key", "call-1"); a.status != 422 {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
			if is := now(); is.State != was.State || is.Person != was.Person || calls() != 0 {
				t.Errorf("%s: the conversation is %s, with %d calls", name, is.State, calls())
			}
		}
		for range 2 {
			if a := bob.do("POST", path, call("Thank you for the call."), "Idempotency-Key", "call-1"); a.status != 200 {
				t.Fatalf("shortened: %d %s", a.status, a.body)
			}
		}
		list, err := delivery.Of(t.Context(), w.Store.Read(), c)
		if err != nil || len(list) != 1 || calls() != 1 {
			t.Errorf("there are %d closing lines and %d calls, %v", len(list), calls(), err)
		}
		if is := now(); is.State != desk.Closed {
			t.Errorf("the conversation is %s", is.State)
		}
	})
}
