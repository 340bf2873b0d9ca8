// Package triage says what a message is: its language, what its author wants, which department deals with such things,
// whether it needs an answer, how soon, and why we think so, in words a person can read.
//
// A Model is trained from phrases ("what do you deal with?") on the first day and from corrections ever after. It is a
// linear model over hashed words and letters: small enough to run inside intake's transaction, plain enough to explain.
//
// What never bends:
//   - Pure: no clock, no network, no database, nothing of ours imported. Same model and input, same assessment.
//   - The account a message arrived on is not an input, and an account named in the text ("@acme_help") counts as
//     somebody being named, never as who it was. A message on the wrong account is judged like one on the right one.
//   - It orders and suggests; it never hides. Recall of what must be answered comes before precision.
//   - Nothing a text says steers anything but its own assessment. Work is bounded whatever the input.
package triage
