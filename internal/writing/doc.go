// Package writing is about what people have not said yet: what they have begun to write, on every device they use; who of
// them writes in a conversation just now; how they like their answers to leave; and whether the links in them open.
//
// None of it is in the journal, for nothing has happened to the conversation. What somebody has begun to write is theirs:
// nobody else reads it, and it is never in a log. That somebody writes may be known by who sees the conversation. Package
// proof reads the words; package delivery sends them.
package writing

import (
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// Topic is what is woken when somebody's draft or doing changes.
const Topic = "writing"

// Book keeps what people are writing. Set the fields before the first call.
type Book struct {
	Store *store.Store
	Desk  *desk.Desk
	Now   func() time.Time
}
