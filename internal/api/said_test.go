package api

import (
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
)

// What is answered is what the contact said last, and neither what we said nor a notice that it came back.
func TestWhatIsAnsweredIsWhatTheContactSaid(t *testing.T) {
	list := []desk.Message{{ID: 1, Direction: desk.In, Identity: 7}, {ID: 2, Direction: desk.In, Identity: 7, DeletedAt: time.Unix(1, 0)},
		{ID: 3, Direction: desk.Out}, {ID: 4, Direction: desk.In, Rest: desk.Rest{Bounce: "3"}}}
	if got := lastInbound(list); got.ID != 1 {
		t.Errorf("%v is answered", got.ID)
	}
	if got := lastInbound(list[1:]); !got.ID.IsZero() {
		t.Errorf("%v is answered, and the contact said nothing", got.ID)
	}
}

// Who is in a mail beside its contact is none of the contact's own addresses, also where they never wrote from one of them.
func TestWhoElseIsInAMailIsNotItsContact(t *testing.T) {
	row := desk.Row{Handle: "Rowan@far.example"}
	theirs := []contact.Identity{{RemoteID: "rowan@far.example"}, {RemoteID: "rowan@home.example"}}
	in := []channel.Identity{{RemoteID: "ROWAN@home.example"}, {RemoteID: "anna@far.example"}, {RemoteID: "rowan@far.example"}}
	if got := alsoIn(row, desk.Timeline{}, theirs, in); len(got) != 1 || got[0].RemoteID != "anna@far.example" {
		t.Errorf("in it are %+v", got)
	}
}
