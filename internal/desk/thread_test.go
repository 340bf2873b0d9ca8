package desk_test

import (
	"fmt"
	"testing"

	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Under a post somebody sees what they see elsewhere, and the counts are of that; what is private is never part of it.
func TestAThreadShowsWhatSomebodyMaySee(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		acc := h.Shared(t)
		comment := func(k int, private bool) channel.Event {
			m := channel.Message{RemoteID: fmt.Sprint("comment-", k), ThreadID: "post", ParentID: "post", Kind: channel.Comment, Private: private,
				Text: fmt.Sprint("The app does not start on phone number ", k), At: now.Now(), From: channel.Identity{RemoteID: fmt.Sprint("p", k), Name: fmt.Sprint("P", k)}}
			return channel.Event{Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m}
		}
		own := channel.Message{RemoteID: "post", ThreadID: "post", Kind: channel.Post, Own: true, Text: "Our app has a new look.", At: now.Now()}
		events := []channel.Event{{Kind: channel.Said, RemoteID: "post", At: own.At, Message: own}}
		for k := range 5 {
			events = append(events, comment(k, k == 4))
		}
		if err := h.Intake.Take(ctx, acc, events, nil); err != nil {
			t.Fatal(err)
		}
		list, err := h.Desk.List(ctx, h.Boss, desk.Query{View: desk.All})
		if err != nil || len(list.Rows) != 5 {
			t.Fatalf("%d conversations, %v", len(list.Rows), err)
		}
		r, err := h.Staff.Roster(ctx)
		if err != nil {
			t.Fatal(err)
		}
		one, other := r.Departments()[0].ID, r.Departments()[1].ID
		var key desk.ThreadKey
		for k, row := range list.Rows {
			to := one
			if k%2 == 1 {
				to = other
			}
			if row.Department != to || !row.Person.IsZero() {
				if _, err := h.Desk.HandOver(ctx, h.Boss, row.ID, to, 0, "theirs"); err != nil {
					t.Fatal(err)
				}
			}
			if !row.Private {
				key = desk.ThreadKey{Account: row.Account, Key: row.Thread}
			}
		}
		member := func(of ...staff.DepartmentID) staff.Actor {
			return staff.Actor{Person: 77, Role: staff.Member, Departments: of}
		}
		seen := map[staff.DepartmentID]int{}
		for _, row := range list.Rows {
			if c := get(t, h, row.ID); !c.Private {
				seen[c.Department]++
			}
		}
		for name, tt := range map[string]struct {
			who  staff.Actor
			want int
		}{
			"an administrator":         {h.Boss, 4},
			"one department":           {member(one), seen[one]},
			"another":                  {member(other), seen[other]},
			"who is in both":           {member(one, other), 4},
			"a department without any": {member(r.Departments()[2].ID), 0},
			"a viewer":                 {staff.Actor{Person: 79, Role: staff.Viewer}, 4},
			"an agency":                {staff.Actor{Person: 78, Role: staff.Agency, Departments: []staff.DepartmentID{one}}, 0},
		} {
			post, thread, rows, err := h.Desk.OpenThread(ctx, tt.who, key, 0, 50)
			if tt.want == 0 {
				refused(t, name, err, fault.NotFound)
				continue
			}
			if err != nil || len(rows) != tt.want || thread.People != tt.want || thread.Open != tt.want || post.Text != own.Text {
				t.Errorf("%s sees %d rows, %+v, under %q, %v; not %d", name, len(rows), thread, post.Text, err, tt.want)
			}
			for _, row := range rows {
				if row.Private || !desk.Sees(tt.who, row.Conversation) {
					t.Errorf("%s sees %+v", name, row.Conversation)
				}
			}
			all, err := h.Desk.ThreadsOf(ctx, tt.who, list.Rows)
			if err != nil || all[key] != thread || len(all) != 1 {
				t.Errorf("%s: rows count %+v, %v; the thread %+v", name, all, err, thread)
			}
			first, _, _, _ := h.Desk.OpenThread(ctx, tt.who, key, 0, 1)
			_, _, rest, err := h.Desk.OpenThread(ctx, tt.who, key, 1, 50)
			if first.Text != own.Text || err != nil || len(rest) != tt.want-1 {
				t.Errorf("%s: after the first come %d, %v", name, len(rest), err)
			}
		}
		if _, _, _, err := h.Desk.OpenThread(ctx, h.Boss, desk.ThreadKey{Account: key.Account, Key: "private:" + key.Key}, 0, 50); err == nil {
			t.Error("what is private is no thread")
		}
	})
}
