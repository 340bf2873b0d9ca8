package example

import (
	"strconv"
	"strings"
	"time"

	"switchboard/internal/channel"
)

// tongue is what the customers say in one language.
type tongue struct {
	code   string
	name   string // what it calls itself
	thank  string
	people []person
}

// person is somebody who wants something.
type person struct {
	name    string
	private bool
	ago     int // minutes
	text    string
}

func names() (out []string) {
	for _, t := range tongues {
		out = append(out, t.name)
	}
	return out
}

// handle is a name as people type it: "@ann.bell".
func (p person) handle() string { return "@" + strings.ReplaceAll(strings.ToLower(p.name), " ", ".") }

// message is what person k says.
func (t tongue) message(k int, now time.Time) channel.Message {
	p := t.people[k]
	id := Name + "-" + t.code + "-" + strconv.Itoa(k+1)
	kind := channel.Post
	if p.private {
		kind = channel.Direct
	}
	return channel.Message{RemoteID: id, ThreadID: id, Kind: kind, Private: p.private, Text: p.text, Lang: t.code, At: now.Add(-time.Duration(p.ago) * time.Minute),
		From: channel.Identity{RemoteID: Name + ":" + t.code + ":" + strconv.Itoa(k+1), Handle: p.handle(), Name: p.name}}
}

// thanks is what somebody says to an answer.
func (t tongue) thanks(a answer, at time.Time) channel.Message {
	kind := channel.Reply
	if a.parent.Private {
		kind = channel.Direct
	}
	return channel.Message{RemoteID: "thanks-" + a.RemoteID, ThreadID: a.ThreadID, ParentID: a.RemoteID, Kind: kind, Private: a.parent.Private,
		Text: t.thank, Lang: t.code, At: at, From: a.parent.From}
}
