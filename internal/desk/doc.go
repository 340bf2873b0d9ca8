// Package desk is where conversations are kept and worked: who owns one, which clock runs, what was said and noted.
//
// What never bends: a conversation has exactly one owner, a department's queue or one person of it; until it is closed or
// waits on the contact a clock runs; every change is written to the journal in the same transaction, with who and why.
//
// Rules are pure methods of Conversation that take the time as an argument; deeds (methods of Desk) read, rule, write, tell.
// Intake and delivery, which stand above, use the same rules through Load and Save.
package desk
