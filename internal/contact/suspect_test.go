package contact

import "testing"

func TestWhoMayBeTheSamePerson(t *testing.T) {
	masto := Identity{Channel: "mastodon", RemoteID: "https://social.example/kim", Handle: "@kimmiller@social.example", Name: "Kim Miller", URL: "https://social.example/@kimmiller"}
	sky := Identity{Channel: "bluesky", RemoteID: "did:plc:1", Handle: "@kimmiller.bsky.social", Name: "Kim Miller", URL: "https://bsky.app/profile/did:plc:1"}
	mail := Identity{Channel: "email", RemoteID: "kim@example.org", Handle: "kim@example.org", Name: "Kim"}
	with := func(i Identity, f func(*Identity)) Identity { f(&i); return i }
	side := func(list ...Identity) Side { return Side{Identities: list} }
	for name, tt := range map[string]struct {
		a, b Side
		want bool
	}{
		"one handle and name on two channels":              {side(masto), side(sky), true},
		"one handle and another name":                      {side(masto), side(with(sky, func(i *Identity) { i.Name = "Kim Maier" })), false},
		"one name and another handle":                      {side(masto), side(with(sky, func(i *Identity) { i.Handle = "@km.bsky.social" })), false},
		"a handle that only looks like it":                 {side(masto), side(with(sky, func(i *Identity) { i.Handle = "@kimmi11er.bsky.social" })), false},
		"a handle in letters of another script":            {side(masto), side(with(sky, func(i *Identity) { i.Handle = "@kіmmiller.bsky.social" })), false},
		"a name in letters of another script":              {side(masto), side(with(sky, func(i *Identity) { i.Name = "Kіm Miller" })), false},
		"the same handle on another server of one channel": {side(masto), side(with(masto, func(i *Identity) { i.RemoteID, i.Handle = "x", "@kimmiller@evil.example" })), false},
		"a name that many use":                             {side(with(masto, func(i *Identity) { i.Handle = "@info@a.example" })), side(with(sky, func(i *Identity) { i.Handle = "@info.bsky.social" })), false},
		"a profile that names the other's handle":          {side(with(masto, func(i *Identity) { i.About = "Also @kimmiller.bsky.social." })), side(with(sky, func(i *Identity) { i.Name = "" })), true},
		"a profile that names the address":                 {side(with(masto, func(i *Identity) { i.About = "Write to kim@example.org" })), side(mail), true},
		"a profile that names a longer address":            {side(with(masto, func(i *Identity) { i.About = "Write to kim@example.org.uk or joakim@example.org" })), side(mail), false},
		"who says to have written from an address":         {Side{Identities: []Identity{masto}, Said: []string{"I wrote you on Monday from kim@example.org!"}}, side(mail), true},
		"who names an address alone":                       {Side{Identities: []Identity{masto}, Said: []string{"kim@example.org"}}, side(mail), true},
		"two who have nothing to do with each other":       {side(masto), side(with(mail, func(i *Identity) { i.Handle = "tom@example.org" })), false},
		"two addresses of one name":                        {side(mail), side(with(mail, func(i *Identity) { i.RemoteID, i.Handle = "kim@x.example", "kim@x.example" })), false},
	} {
		t.Run(name, func(t *testing.T) {
			s, ok := Suspect(tt.a, tt.b)
			if ok != tt.want || ok == (len(s.Reasons) == 0) {
				t.Errorf("Suspect = %+v, %v; want %v", s, ok, tt.want)
			}
			if r, again := Suspect(tt.b, tt.a); again != ok || r.Score != s.Score {
				t.Errorf("the other way round it is %+v, %v", r, again)
			}
		})
	}
}
