package staff

import (
	"context"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

func TestDepartmentsKeepTheirRules(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		sales, press, desk := h.department(t, "Sales"), h.department(t, "Press and PR"), h.department(t, "Switchboard")
		if _, err := h.ChangeDepartment(ctx, h.ann, sales.ID, DepartmentChange{StandIn: &press.ID}); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			deed func() error
			want fault.Kind
		}{
			"stand-ins do not go round in a circle": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, press.ID, DepartmentChange{StandIn: &sales.ID})
				return err
			}, fault.Invalid},
			"none stands in for itself": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, press.ID, DepartmentChange{StandIn: &press.ID})
				return err
			}, fault.Invalid},
			"a stand-in is there": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, press.ID, DepartmentChange{StandIn: ptr(DepartmentID(9))})
				return err
			}, fault.NotFound},
			"two don't have one name": {func() error {
				_, err := h.AddDepartment(ctx, h.ann, DepartmentChange{Name: ptr("Sales")})
				return err
			}, fault.Invalid},
			"a name is needed": {func() error { _, err := h.AddDepartment(ctx, h.ann, DepartmentChange{}); return err }, fault.Invalid},
			"targets are not negative": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, press.ID, DepartmentChange{Targets: &Targets{FirstResponse: -time.Minute}})
				return err
			}, fault.Invalid},
			"the operator's queue stays": {func() error { return h.RetireDepartment(ctx, h.ann, desk.ID, sales.ID) }, fault.Conflict},
			"the operator's flag is not taken off": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, desk.ID, DepartmentChange{Operator: ptr(false)})
				return err
			}, fault.Invalid},
			"what it has must go somewhere":      {func() error { return h.RetireDepartment(ctx, h.ann, sales.ID, 5) }, fault.NotFound},
			"what it has must go somewhere else": {func() error { return h.RetireDepartment(ctx, h.ann, sales.ID, sales.ID) }, fault.Invalid},
			"a member of staff does not change them": {func() error {
				_, err := h.AddDepartment(ctx, h.hire(t, "m", Member), DepartmentChange{Name: ptr("X")})
				return err
			}, fault.Forbidden},
			"one that is not there can't change": {func() error { _, err := h.ChangeDepartment(ctx, h.ann, 5, DepartmentChange{}); return err }, fault.NotFound},
		} {
			t.Run(name, func(t *testing.T) {
				if err := tt.deed(); !fault.Is(err, tt.want) {
					t.Errorf("got %v", err)
				}
			})
		}
	})
}

func TestTheOperatorsQueueMovesInOneStep(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		sales := h.department(t, "Sales")
		if _, err := h.ChangeDepartment(ctx, h.ann, sales.ID, DepartmentChange{Operator: ptr(true)}); err != nil {
			t.Fatal(err)
		}
		if h.department(t, "Switchboard").Operator || !h.department(t, "Sales").Operator {
			t.Error("the flag did not move")
		}
	})
}

func TestRetiringHandsOnWhatThereIs(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		sales, press, product := h.department(t, "Sales"), h.department(t, "Press and PR"), h.department(t, "Product")
		bob := h.hire(t, "bob", Member, "Sales")
		if _, err := h.ChangeDepartment(ctx, h.ann, product.ID, DepartmentChange{StandIn: &sales.ID}); err != nil {
			t.Fatal(err)
		}
		var moved [2]DepartmentID
		h.Retired = func(_ context.Context, _ *store.Tx, _ Actor, from, to DepartmentID) error {
			moved = [2]DepartmentID{from, to}
			return nil
		}
		if err := h.RetireDepartment(ctx, h.ann, sales.ID, press.ID); err != nil {
			t.Fatal(err)
		}
		r, err := h.Roster(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := r.Department(sales.ID); ok || moved != [2]DepartmentID{sales.ID, press.ID} {
			t.Errorf("still there: %v; the desk heard %v", ok, moved)
		}
		if p, _ := r.Person(bob.Person); len(p.Departments) != 0 {
			t.Errorf("bob is still in %v", p.Departments)
		}
		if d, _ := r.Department(product.ID); d.StandIn != press.ID {
			t.Errorf("for Product stands in %v", d.StandIn)
		}
	})
}
