// Package lookalike sees handles made to be taken for another's: "acrne_help" for our "acme_help", a Cyrillic "асме", our
// name with "official" behind it. It is pure: no database, clock or network.
//
// What never bends:
//   - Our own accounts, and the contacts who are known by a handle, are never suspected.
//   - It only says what a handle looks like. Nothing is hidden or blocked by it: a person decides.
//   - A name that many bear by right ("press", "info", anything under four letters) makes nobody a suspect.
package lookalike
