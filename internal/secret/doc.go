// Package secret keeps what must not be read by whoever gets hold of the database: tokens, passwords, keys.
//
// A value is sealed with a data key of its own, and that key with a master key of the Ring, which lives in a file (or the
// environment) outside the database. A sealed value is bound to the row and column it was sealed for: moved elsewhere, it
// does not open. It names the master key it needs, so that a new one can be added at any time and the old values be
// rewrapped one by one while everything runs.
//
// In memory a secret is a Text, which shows "•••" to every log, format and encoder. Reveal is the only way to its content,
// so a search for Reveal finds every place where a secret is used.
package secret
