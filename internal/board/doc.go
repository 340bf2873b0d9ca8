// Package board is the team at a glance: what waits, what is late, who is there, and incidents, which are many messages about one
// thing in a short time (package storm finds them).
//
// A Snapshot is made at most once a second on a node, and less often when making it takes long: however many screens show the
// board, the database is asked once. Who may see of it what is asked of each reader (Snapshot.For).
//
// An incident holds conversations and owns nothing: each conversation keeps its owner, and who may not see one does not learn of
// it by an incident. It is taken as a whole by putting its conversations through one by one, and what joins it later goes the
// same way. It ends by itself when nobody has joined it for a while, or by hand.
package board
