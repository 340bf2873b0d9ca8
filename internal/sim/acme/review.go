package acme

import (
	"switchboard/internal/channel"
)

// review is a line as the reviews' bridge tells of it.
func review(l *line, k *talk) channel.Message {
	m := channel.Message{RemoteID: l.ID, Kind: channel.Review, ThreadID: "review-of/" + k.who.Key, Text: l.Text, Subject: k.about, Lang: k.lang, At: l.At.UTC(), Rating: l.Stars,
		From: channel.Identity{RemoteID: "reviewer/" + k.who.Key, Handle: k.who.Key, Name: k.who.Name}}
	if l.Parent != "" {
		m.Kind, m.ParentID, m.Subject = channel.Comment, l.Parent, ""
	}
	if l.Alt != "" {
		m.Media = []channel.Media{{Type: "image/png", Name: "picture.png", Alt: l.Alt}}
	}
	return m
}
