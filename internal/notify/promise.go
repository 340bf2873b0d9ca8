package notify

import "switchboard/internal/staff"

// promiseHearers are whom a promise that rings is for: who must deliver, who owns the conversation, the managers of the department
// that must deliver (all of them, where it has none), the operators.
func promiseHearers(f *facts, e entry) []staff.PersonID {
	switch e.data.To {
	case "owner":
		if !e.data.OwnerPerson.IsZero() {
			return append(some(e.data.OwnerPerson), toPersonOrQueue(f, e)...)
		}
		return append(f.members(e.data.Owner), toPersonOrQueue(f, e)...)
	case "manager":
		if list := f.inRole(staff.Manager, e.data.Department); len(list) > 0 {
			return list
		}
		return f.inRole(staff.Manager, 0)
	case "operator":
		return f.inRole(staff.Operator, 0)
	}
	return toPersonOrQueue(f, e)
}

// inRole are the people in a role, those of a department or, with none, all.
func (f *facts) inRole(role staff.Role, of staff.DepartmentID) (out []staff.PersonID) {
	for _, p := range f.roster.People() {
		if p.Role == role && p.State == staff.Active && (of.IsZero() || p.ActorOf().In(of)) {
			out = append(out, p.ID)
		}
	}
	return out
}

func promiseDue(t Told) string  { return "A promise in " + t.with() + " is due soon" }
func promiseLate(t Told) string { return "A promise in " + t.with() + " is late" }
