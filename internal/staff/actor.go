package staff

import (
	"slices"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
)

// Role is what somebody is here for. It gives the rights in the table below; the right to speak for an account is given
// account by account (package account).
type Role string

const (
	Administrator Role = "administrator" // everything, and alone people, settings and keys of others
	Manager       Role = "manager"       // authority across departments: departments, accounts, approvals, the stop button
	Operator      Role = "operator"      // sees all that came in and puts it through
	Member        Role = "member"        // works the queue of their departments
	Contributor   Role = "contributor"   // answers what is put through to them or to their department
	Viewer        Role = "viewer"        // sees everything, changes nothing
	Agency        Role = "agency"        // outside: drafts for the accounts they are named for, sees nobody's data but that
)

// Roles lists the roles, the widest first.
func Roles() []Role {
	return []Role{Administrator, Manager, Operator, Member, Contributor, Viewer, Agency}
}

// Action is something people can do.
type Action string

const (
	SeeAll            Action = "see.all"            // every conversation, not only those of their departments
	SeeDesk           Action = "desk.see"           // the inbox, the search and what waits, as far as what is in them is for their eyes
	SeeScores         Action = "scores.see"         // how well the machine judges
	SeePeople         Action = "people.see"         // who works here: names, addresses, hours
	Answer            Action = "answer"             // write replies; whether they go out at once is the account's rights
	PutThrough        Action = "put.through"        // hand over what nobody has taken
	Approve           Action = "approve"            // let another's words out
	ContactsChange    Action = "contacts.change"    // names, standings and notes of contacts
	LibraryChange     Action = "library.change"     // answers of others, and saved replies that are shared
	ContactsKeep      Action = "contacts.keep"      // import and export contacts, hand out and erase what is kept of one
	StaffArrange      Action = "staff.arrange"      // hours, absences, skills and capacity of others
	DepartmentsManage Action = "departments.manage" // departments, what they deal with and how fast
	AccountsManage    Action = "accounts.manage"    // connect, change and remove accounts
	Stop              Action = "stop"               // the stop button, for all accounts
	StaffManage       Action = "staff.manage"       // invite, disable, roles, who is in which department
	SettingsManage    Action = "settings"           // name, address, zone and hours of the organisation
	KeysManage        Action = "keys"               // make API keys, for oneself
)

// rights is the table: what each role may do. What is not here nobody may do.
var rights = map[Role][]Action{
	Administrator: {SeeAll, SeeDesk, SeeScores, SeePeople, Answer, PutThrough, Approve, ContactsChange, ContactsKeep, LibraryChange, StaffArrange, DepartmentsManage, AccountsManage, Stop, StaffManage, SettingsManage, KeysManage},
	Manager:       {SeeAll, SeeDesk, SeeScores, SeePeople, Answer, PutThrough, Approve, ContactsChange, ContactsKeep, LibraryChange, StaffArrange, DepartmentsManage, AccountsManage, Stop, KeysManage},
	Operator:      {SeeAll, SeeDesk, SeeScores, SeePeople, Answer, PutThrough, ContactsChange, LibraryChange, KeysManage},
	Member:        {SeeDesk, SeePeople, Answer, PutThrough, ContactsChange, LibraryChange, KeysManage},
	Contributor:   {SeeDesk, SeePeople, Answer},
	Viewer:        {SeeAll, SeeDesk, SeePeople},
	Agency:        {SeeDesk, Answer},
}

// Scope is how far an API key reaches. Each includes the one before it; none reaches further than its person.
type Scope string

const (
	Read  Scope = "read"
	Write Scope = "write"
	Admin Scope = "admin"
)

var scopes = []Scope{Read, Write, Admin}

// scope is what a key needs for a.
func (a Action) scope() Scope {
	switch a {
	case SeeAll, SeeDesk, SeeScores, SeePeople:
		return Read
	case Answer, PutThrough, Approve, ContactsChange, LibraryChange:
		return Write
	}
	return Admin
}

// Actor is who does something: a person who signed in, a key of theirs, or the machine. The zero Actor is nobody and may do
// nothing.
type Actor struct {
	Person      PersonID
	Name        string
	Role        Role
	Departments []DepartmentID
	Key         KeyID   // not zero: it is an API key of Person
	Scopes      []Scope // of the key
	From        string  // the network address it came from, for the audit log; may be empty
}

// Machine is the Actor of what nobody told us to do, and of commands typed at the server's own prompt.
func Machine() Actor { return Actor{Role: Administrator, Name: "Switchboard"} }

// Who is a as the journal writes it.
func (a Actor) Who() string {
	if a.Person == 0 {
		return journal.Machine
	}
	return journal.Person(a.Person)
}

// Signed reports whether a is somebody.
func (a Actor) Signed() bool { return a.Role != "" }

// Reaches reports whether a may do what needs scope s as far as its key goes. Who signed in themselves reaches everywhere.
func (a Actor) Reaches(s Scope) bool {
	if a.Key == 0 {
		return a.Signed()
	}
	for _, have := range a.Scopes {
		if slices.Index(scopes, have) >= slices.Index(scopes, s) {
			return true
		}
	}
	return false
}

// Can reports whether a may do it: by role, and by key if it is one. A key never makes keys.
func (a Actor) Can(do Action) bool {
	if a.Key != 0 && (do == KeysManage || !a.Reaches(do.scope())) {
		return false
	}
	return slices.Contains(rights[a.Role], do)
}

// In reports whether a belongs to d.
func (a Actor) In(d DepartmentID) bool { return slices.Contains(a.Departments, d) }

// Actions lists what a can do, for the screen to show or leave out.
func (a Actor) Actions() []Action {
	out := []Action{}
	for _, do := range rights[Administrator] {
		if a.Can(do) {
			out = append(out, do)
		}
	}
	return out
}

// Require is nil when a may do it, and otherwise the error to answer with: Unsigned for nobody, Forbidden for somebody.
func (a Actor) Require(do Action) error {
	switch {
	case !a.Signed():
		return Unsigned()
	case a.Can(do):
		return nil
	case a.Key != 0 && slices.Contains(rights[a.Role], do):
		return fault.Newf(fault.Forbidden, "this API key does not reach that far: it needs the scope %q", do.scope())
	}
	return fault.New(fault.Forbidden, "your role does not allow this: ask an administrator")
}

// RequireSelf is nil when a is a person acting for themselves, with a key that writes at least.
func (a Actor) RequireSelf() error {
	switch {
	case !a.Signed() || a.Person == 0:
		return Unsigned()
	case !a.Reaches(Write):
		return fault.New(fault.Forbidden, `this API key only reads: it needs the scope "write"`)
	}
	return nil
}

// Unsigned is the answer to nobody.
func Unsigned() error {
	return fault.New(fault.Unsigned, "you are not signed in: sign in and try again")
}

// Can reports whether p could do it, signed in themselves.
func Can(p Person, do Action) bool {
	return p.State == Active && Actor{Person: p.ID, Role: p.Role}.Can(do)
}
