// Package staff knows who works here: people, departments and what they deal with, working hours and absences, roles and
// rights, invitations, passwords, sessions and API keys, and the settings of the organisation.
//
// What never bends:
//   - A deed checks the right of who does it, itself; no caller has to remember to ask.
//   - A change, its journal row and the wake-up that makes every node forget what it kept in memory are one transaction.
//   - There is always one active administrator, and exactly one department is the operator's: what fits nobody goes there.
//   - Tokens (sessions, known browsers, invitations, API keys, the set-up link) come from crypto/rand, are shown once and kept only as a
//     SHA-256; passwords are kept as argon2id.
//   - Disabling a person, a new role and a new password end that person's sessions on every node within five seconds.
//
// Reading who works here costs nothing: Roster is a snapshot in memory, refreshed when something woke "staff" and looked at
// anyway every two seconds, because a wake-up may be lost.
package staff
