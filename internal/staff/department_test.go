package staff

import (
	"context"
	"slices"
	"testing"
	"time"

	"switchboard/internal/clock"
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
			"what nobody takes goes on in a time that has not passed": {func() error {
				_, err := h.ChangeDepartment(ctx, h.ann, press.ID, DepartmentChange{MoveOn: ptr(-time.Minute)})
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

func TestWhatNobodyTakesGoesOnInTheTimeTheDepartmentSays(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		made, err := h.AddDepartment(ctx, h.ann, DepartmentChange{Name: ptr("Returns")})
		if err != nil || made.MoveOn != 30*time.Minute {
			t.Errorf("a new department: %s, %v", made.MoveOn, err)
		}
		for _, d := range []time.Duration{0, 90 * time.Minute} {
			if _, err := h.ChangeDepartment(ctx, h.ann, made.ID, DepartmentChange{MoveOn: &d}); err != nil || h.department(t, "Returns").MoveOn != d {
				t.Errorf("%s is kept as %s, %v", d, h.department(t, "Returns").MoveOn, err)
			}
		}
		if d := h.department(t, "Returns"); d.TakeBack != 0 || d.Precision != 0 || !d.RetiredAt.IsZero() {
			t.Errorf("it changed something else: %+v", d)
		}
	})
}

// What somebody holds is looked at again whenever the times change at which they are at work, and not otherwise.
func TestWhoHearsThatHoursChange(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member, "Sales")
		var heard []PersonID
		h.Shifted = func(_ context.Context, _ *store.Tx, p PersonID) error {
			heard = append(heard, p)
			return nil
		}
		var absence Absence
		for _, tt := range []struct {
			name string
			deed func() error
			want []PersonID
		}{
			{"their hours change", func() error {
				_, err := h.ChangePerson(ctx, bob, bob.Person, PersonChange{Hours: ptr(clock.Office("UTC", "08:00", "12:00"))})
				return err
			}, []PersonID{bob.Person}},
			{"their skills change", func() error {
				_, err := h.ChangePerson(ctx, bob, bob.Person, PersonChange{Skills: &[]string{"vat"}})
				return err
			}, nil},
			{"an absence is entered", func() (err error) {
				absence, err = h.AddAbsence(ctx, bob, Absence{Person: bob.Person, From: h.Now(), Until: h.Now().Add(time.Hour)})
				return err
			}, []PersonID{bob.Person}},
			{"it is taken back", func() error { return h.RemoveAbsence(ctx, bob, bob.Person, absence.ID) }, []PersonID{bob.Person}},
			{"they are away", func() error { return h.SetPresence(ctx, bob, false) }, []PersonID{bob.Person}},
			{"they say so twice", func() error { return h.SetPresence(ctx, bob, false) }, nil},
			{"the organisation is called otherwise", func() error {
				o, err := h.Settings(ctx, h.ann)
				if err != nil {
					return err
				}
				o.Name = "Other"
				_, err = h.ChangeSettings(ctx, h.ann, o)
				return err
			}, nil},
			{"the organisation has other hours", func() error {
				o, err := h.Settings(ctx, h.ann)
				if err != nil {
					return err
				}
				o.Hours = ptr(clock.Office("UTC", "07:00", "12:00"))
				_, err = h.ChangeSettings(ctx, h.ann, o)
				return err
			}, []PersonID{0}},
		} {
			heard = nil
			if err := tt.deed(); err != nil || !slices.Equal(heard, tt.want) {
				t.Errorf("%s: %v heard of it, not %v; %v", tt.name, heard, tt.want, err)
			}
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
