package api

import (
	"context"
	"encoding/hex"
	"time"

	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// Notification is something one was told of.
type Notification struct {
	ID           string      `json:"id"`
	Kind         notify.Kind `json:"kind"`
	Text         string      `json:"text" doc:"What happened, in a sentence."`
	Excerpt      string      `json:"excerpt" doc:"How the conversation ends; may be empty."`
	By           string      `json:"by" doc:"Who did it; empty: the machine, or the contact."`
	Contact      string      `json:"contact" doc:"With whom the conversation is; may be empty."`
	Conversation string      `json:"conversation,omitempty"`
	Count        int         `json:"count" doc:"How many times it happened while it was not read."`
	Path         string      `json:"path" doc:"Where a click leads, in the web UI."`
	At           time.Time   `json:"at"`
	Read         bool        `json:"read"`
}

// Notifications is a part of the list, the newest first.
type Notifications struct {
	Items  []Notification `json:"items" nullable:"false"`
	Unread int            `json:"unread" doc:"Up to 100."`
	Next   string         `json:"next,omitempty" doc:"Absent at the end."`
}

func showNotification(t notify.Told) Notification {
	v := Notification{ID: t.ID.String(), Kind: t.Kind, Text: t.Say(), Excerpt: t.Excerpt, By: t.By, Contact: t.Contact, Conversation: t.Conversation.String(),
		Count: t.Count, Path: t.Path(), At: t.At, Read: !t.ReadAt.IsZero()}
	if t.Unseen {
		v.Conversation = ""
	}
	return v
}

type notificationsQuery struct {
	From   string `query:"from" maxLength:"60" doc:"next of the page before."`
	Unread bool   `query:"unread" doc:"Only what is not read."`
}

func (s *Server) getNotifications(ctx context.Context, in *notificationsQuery) (*body[Notifications], error) {
	p, err := s.Bell.List(ctx, who(ctx), in.From, in.Unread)
	out := Notifications{Items: []Notification{}, Unread: p.Unread, Next: p.Next}
	for _, t := range p.Items {
		out.Items = append(out.Items, showNotification(t))
	}
	return answer(out, err)
}

// UnreadCount is how many are not read.
type UnreadCount struct {
	Unread int `json:"unread" doc:"Up to 100."`
}

func (s *Server) getUnread(ctx context.Context, _ *struct{}) (*body[UnreadCount], error) {
	n, err := s.Bell.Unread(ctx, who(ctx))
	return answer(UnreadCount{n}, err)
}

type readForm struct {
	Body struct {
		IDs   []notify.ID `json:"ids,omitempty" maxItems:"200" doc:"These."`
		Until *time.Time  `json:"until,omitempty" doc:"Or everything up to this moment: the time of the newest that was seen."`
	}
}

func (s *Server) readNotifications(ctx context.Context, in *readForm) (*none, error) {
	if in.Body.Until != nil {
		return done(s.Bell.MarkAll(ctx, who(ctx), *in.Body.Until))
	}
	return done(s.Bell.MarkRead(ctx, who(ctx), in.Body.IDs))
}

// NotificationKind is one thing one can be told of, and how one is.
type NotificationKind struct {
	Kind   notify.Kind `json:"kind"`
	Title  string      `json:"title"`
	Urgent bool        `json:"urgent" doc:"It does not wait for the digest."`
	List   bool        `json:"list"`
	Push   bool        `json:"push"`
	Mail   bool        `json:"mail"`
}

// NotificationSettings are how one wants to be told.
type NotificationSettings struct {
	Kinds     []NotificationKind `json:"kinds" nullable:"false"`
	Quiet     notify.Quiet       `json:"quiet" enum:"off,hours,times" doc:"hours: outside one's working hours and in absences; times: between from and until."`
	From      string             `json:"from"`
	Until     string             `json:"until"`
	Zone      string             `json:"zone" doc:"In which from and until are meant."`
	Urgent    bool               `json:"urgent" doc:"What is urgent comes through the quiet."`
	Digest    notify.Digest      `json:"digest" enum:"now,hourly,morning" doc:"When what is not urgent goes out."`
	Words     bool               `json:"words" doc:"Pushes and mail show the beginning of what was said."`
	MailReady bool               `json:"mailReady" doc:"The house can send mail."`
	PushKey   string             `json:"pushKey" doc:"The key with which a browser subscribes (VAPID)."`
	Devices   []PushDevice       `json:"devices" nullable:"false" doc:"The browsers in which one is told by push."`
}

// PushDevice is a browser in which one is told by push.
type PushDevice struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Hash      string     `json:"hash" doc:"SHA-256 of the address of its push service, in hex: by it a browser finds itself."`
	CreatedAt time.Time  `json:"createdAt"`
	SentAt    *time.Time `json:"sentAt,omitempty"`
}

func showDevice(d notify.Device) PushDevice {
	v := PushDevice{ID: d.ID.String(), Name: d.Name, Hash: hex.EncodeToString(d.Hash[:]), CreatedAt: d.CreatedAt}
	if !d.SentAt.IsZero() {
		v.SentAt = ptr(d.SentAt)
	}
	return v
}

func (s *Server) getNotificationSettings(ctx context.Context, _ *struct{}) (*body[NotificationSettings], error) {
	set, err := s.Bell.Settings(ctx, who(ctx))
	return s.showNotificationSettings(ctx, set, err)
}

func (s *Server) showNotificationSettings(ctx context.Context, set notify.Settings, err error) (*body[NotificationSettings], error) {
	if err != nil {
		return nil, err
	}
	a := who(ctx)
	out := NotificationSettings{Quiet: set.Quiet, From: set.From, Until: set.Until, Urgent: set.Urgent, Digest: set.Digest, Words: set.Words,
		Kinds: []NotificationKind{}, Devices: []PushDevice{}}
	for _, k := range notify.Kinds(a) {
		w := set.Ways(k.Kind)
		out.Kinds = append(out.Kinds, NotificationKind{k.Kind, k.Title, k.Urgent, w.List, w.Push, w.Mail})
	}
	if out.Zone, err = s.Bell.Zone(ctx, a); err != nil {
		return nil, err
	}
	if out.MailReady, err = s.Bell.MailReady(ctx); err != nil {
		return nil, err
	}
	if out.PushKey, err = s.Bell.PublicKey(ctx); err != nil {
		return nil, err
	}
	devices, err := s.Bell.Devices(ctx, a)
	for _, d := range devices {
		out.Devices = append(out.Devices, showDevice(d))
	}
	return answer(out, err)
}

type notificationSettingsForm struct {
	Body struct {
		Kinds []struct {
			Kind notify.Kind `json:"kind" maxLength:"40"`
			List bool        `json:"list"`
			Push bool        `json:"push"`
			Mail bool        `json:"mail"`
		} `json:"kinds" maxItems:"100" nullable:"false"`
		Quiet  notify.Quiet  `json:"quiet" enum:"off,hours,times"`
		From   string        `json:"from,omitempty" maxLength:"5"`
		Until  string        `json:"until,omitempty" maxLength:"5"`
		Urgent bool          `json:"urgent"`
		Digest notify.Digest `json:"digest" enum:"now,hourly,morning"`
		Words  bool          `json:"words"`
	}
}

func (s *Server) putNotificationSettings(ctx context.Context, in *notificationSettingsForm) (*body[NotificationSettings], error) {
	b := in.Body
	set := notify.Settings{Kinds: map[notify.Kind]notify.Ways{}, Quiet: b.Quiet, From: b.From, Until: b.Until, Urgent: b.Urgent, Digest: b.Digest, Words: b.Words}
	for _, k := range b.Kinds {
		set.Kinds[k.Kind] = notify.Ways{List: k.List, Push: k.Push, Mail: k.Mail}
	}
	set, err := s.Bell.ChangeSettings(ctx, who(ctx), set)
	return s.showNotificationSettings(ctx, set, err)
}

type deviceForm struct {
	Body struct {
		Endpoint string `json:"endpoint" maxLength:"1000" doc:"As the browser's push service gave it."`
		P256DH   string `json:"p256dh" maxLength:"200"`
		Auth     string `json:"auth" maxLength:"100"`
		Name     string `json:"name" maxLength:"200" doc:"What the browser calls itself."`
	}
}

func (s *Server) postDevice(ctx context.Context, in *deviceForm) (*body[PushDevice], error) {
	session := ""
	if c := callOf(ctx); c.token != "" {
		session = staff.SessionName(c.token)
	}
	d, err := s.Bell.AddDevice(ctx, who(ctx), session, in.Body.Name, notify.Subscription{Endpoint: in.Body.Endpoint, P256DH: in.Body.P256DH, Auth: in.Body.Auth})
	return answer(showDevice(d), err)
}

type devicePath struct {
	ID ref[notify.Device] `path:"id"`
}

func (s *Server) deleteDevice(ctx context.Context, in *devicePath) (*none, error) {
	return done(s.Bell.RemoveDevice(ctx, who(ctx), in.ID.Of))
}

func (s *Server) tryDevice(ctx context.Context, in *devicePath) (*none, error) {
	return done(s.Bell.TryDevice(ctx, who(ctx), in.ID.Of))
}

func (s *Server) registerNotifications(r *routes) {
	r.tag = "Notifications"
	get(r, "/api/notifications", "notifications", "What you were told of, the newest first", s.getNotifications)
	get(r, "/api/notifications/count", "unread-notifications", "How many of them you have not read", s.getUnread)
	post(r, "/api/notifications/read", "read-notifications", "Note that you have read some of them, or all", s.readNotifications)
	get(r, "/api/notifications/settings", "notification-settings", "How you want to be told, and where", s.getNotificationSettings)
	put(r, "/api/notifications/settings", "change-notification-settings", "Set how you want to be told", s.putNotificationSettings)
	post(r, "/api/devices", "add-device", "Be told by push in this browser", s.postDevice, people, atMost(60, time.Minute))
	post(r, "/api/devices/{id}/try", "try-device", "Send a push to one of your browsers", s.tryDevice, people, atMost(20, time.Minute))
	del(r, "/api/devices/{id}", "remove-device", "End push in one of your browsers", s.deleteDevice, people)
	get(r, "/api/chats", "chats", "The chat rooms that are told", s.getChats, admin)
	post(r, "/api/chats", "add-chat", "Have a chat room told", s.postChat, admin)
	patch(r, "/api/chats/{id}", "change-chat", "Change a chat room, or pause it", s.patchChat, admin)
	post(r, "/api/chats/{id}/try", "try-chat", "Tell a chat room that it is told", s.tryChat, admin, atMost(20, time.Minute))
	del(r, "/api/chats/{id}", "remove-chat", "Have a chat room told no more", s.deleteChat, admin)
}
