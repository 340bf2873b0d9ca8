package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

// A post goes to each of its accounts once, with its pictures described, and its echo raises no work.
func TestAPostAppearsOnceOnEachAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sides []*side
		var ids []account.ID
		for _, kind := range []string{"mastodon", "bluesky", "hook"} {
			s := w.side(t, kind, "post"+kind)
			sides, ids = append(sides, s), append(ids, s.ID)
		}
		picture, err := w.Delivery.Keep(t.Context(), w.Boss, "door.png", []byte("\x89PNG\r\n\x1a\n and so on"))
		must(t, err)
		list, err := w.Delivery.Publish(t.Context(), w.Boss, delivery.Post{Accounts: ids, Text: "We have moved.", Lang: "en",
			Pictures: []delivery.Picture{{Upload: picture.ID, Alt: "our new door"}}})
		must(t, err)
		if len(list) != len(ids) {
			t.Fatalf("%d deliveries", len(list))
		}
		for k, d := range list {
			is := w.becomes(t, d.ID, delivery.Sent, 20*time.Second)
			if is.RemoteID == "" || is.Message.IsZero() || !is.Conversation.IsZero() {
				t.Errorf("%s: it is %+v", sides[k].Channel, is)
			}
			if n := sides[k].entries("We have moved."); n != 1 {
				t.Errorf("%s: published %d times", sides[k].Channel, n)
			}
		}
		posts, err := w.Delivery.Posts(t.Context(), w.Boss, 0, 10)
		must(t, err)
		if len(posts) != len(ids) || posts[0].ID != list[len(list)-1].ID {
			t.Errorf("the posts are %+v", posts)
		}
		files, err := w.Delivery.Files(t.Context(), posts[0])
		must(t, err)
		if len(files) != 1 || files[0].Alt != "our new door" || files[0].Type != "image/png" {
			t.Errorf("its files: %+v", files)
		}
	})
}

// A post whose answer was lost is read back, not sent again.
func TestAPostWhoseAnswerIsLostIsNotSaidTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "lostpost")
		s.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
		list, err := w.Delivery.Publish(t.Context(), w.Boss, delivery.Post{Accounts: []account.ID{s.ID}, Text: "Once only."})
		must(t, err)
		w.becomes(t, list[0].ID, delivery.Sent, 60*time.Second)
		if n := s.entries("Once only."); n != 1 {
			t.Errorf("published %d times", n)
		}
	})
}

// Who may not speak has a post held; a colleague without a right to the account does not see it.
func TestAPostIsHeldForWhoMayNotSpeak(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "heldpost")
		member, other := w.colleague(t, "Mo Member"), w.colleague(t, "Olu Other")
		list, err := w.Delivery.Publish(t.Context(), member, delivery.Post{Accounts: []account.ID{s.ID}, Text: "Shall we?"})
		must(t, err)
		d := list[0]
		if d.State != delivery.Held {
			t.Fatalf("it is %s", d.State)
		}
		if _, err := w.Delivery.One(t.Context(), other, d.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger sees it: %v", err)
		}
		if _, err := w.Delivery.Approve(t.Context(), member, d.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("its author approved it: %v", err)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, d.ID)
		must(t, err)
		w.becomes(t, d.ID, delivery.Sent, 20*time.Second)
		if n := s.entries("Shall we?"); n != 1 {
			t.Errorf("published %d times", n)
		}
	})
}

// Where there is no public, nothing can be posted, and nothing is posted elsewhere either.
func TestAMailboxCannotPost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mail, s := w.side(t, "email", "mailpost"), w.side(t, "hook", "hookpost")
		_, err := w.Delivery.Publish(t.Context(), w.Boss, delivery.Post{Accounts: []account.ID{s.ID, mail.ID}, Text: "To all"})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("it is accepted: %v", err)
		}
		if list, err := w.Delivery.Posts(t.Context(), w.Boss, 0, 10); err != nil || len(list) != 0 {
			t.Errorf("there is %+v, %v", list, err)
		}
	})
}

// Before something is sent its files are looked at by their names and sizes alone, and too many bytes are refused whoever takes them.
func TestTooManyBytesAreRefusedUnread(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s, box := w.side(t, "hook", "heavy"), w.side(t, "email", "heavy")
		c, _ := box.asks(t, "ann", "Which?", false)
		public, _ := s.asks(t, "bob", "How?", false)
		var ids []delivery.UploadID
		var pictures []delivery.Picture
		for k := range 5 {
			u, err := w.Delivery.Keep(t.Context(), w.Boss, fmt.Sprintf("%d.png", k), []byte("\x89PNG\r\n\x1a\n"))
			must(t, err)
			ids, pictures = append(ids, u.ID), append(pictures, delivery.Picture{Upload: u.ID})
		}
		exec(t, w, `UPDATE upload SET size = $1`, delivery.MaxUpload)
		_, replied := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "All of it.", Uploads: ids})
		_, posted := w.Delivery.Publish(t.Context(), w.Boss, delivery.Post{Accounts: []account.ID{s.ID}, Text: "All of it.", Pictures: pictures})
		_, aside := w.Delivery.TakePrivate(t.Context(), w.Boss, public, delivery.Private{How: delivery.ByEmail, Mailbox: box.ID, Address: "ann@far.example", Subject: "Yours", Text: "All of it.", Uploads: ids})
		for what, err := range map[string]error{"an answer": replied, "a post": posted, "in private": aside} {
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "100 MB") {
				t.Errorf("%s: %v", what, err)
			}
		}
		exec(t, w, `UPDATE upload SET size = 8`)
		d := w.reply(t, c, delivery.Draft{Text: "All of it.", Uploads: ids})
		w.becomes(t, d.ID, delivery.Sent, time.Minute)
	})
}
