// Package policy is what a company decides about putting through: the rules for what must be certain, and the
// responsibility map that says which department answers what.
//
// Both are versioned: each change has who, when and why, and an older version can be brought back. Both are kept in
// memory and read anew on every node when they change, so that the next message is judged by them. Before either is
// changed it can be tried on the past: a rule on the conversations it would have matched, a map by a replay of the last
// days with the queues that would have formed.
//
// What never bends:
//   - A rule is compiled before it is kept; one that cannot be is refused with what is wrong with it.
//   - Rules that contradict each other are said, not refused: which one holds follows from their order.
//   - A department that is retired drops out of both; what names it says so.
//   - Nothing here changes a conversation: trying and replaying only read.
package policy
