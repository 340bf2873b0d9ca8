package api

import (
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// ref is an id in an address: huma would read a bare one as a number.
type ref[T any] struct{ id.Of[T] }

// Ref shows a person or department.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func refDepartment(r *staff.Roster, of staff.DepartmentID) Ref {
	d, _ := r.Department(of)
	return Ref{of.String(), d.Name}
}

func refDepartments(r *staff.Roster, list []staff.DepartmentID) []Ref {
	out := make([]Ref, 0, len(list))
	for _, d := range list {
		out = append(out, refDepartment(r, d))
	}
	return out
}

func refPerson(r *staff.Roster, of staff.PersonID) Ref {
	p, _ := r.Person(of)
	return Ref{of.String(), p.Name}
}
