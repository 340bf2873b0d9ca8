package contact

import "testing"

func TestANameInWhichThereIsNothingToSeeIsNotShown(t *testing.T) {
	for name, tt := range map[string]struct{ name, handle, want string }{
		"a name as it is":                       {"Kim", "@kim", "Kim"},
		"one of letters that are not Latin":     {"김", "@kim", "김"},
		"one that is a picture":                 {"🦊", "@fox", "🦊"},
		"the handle when nobody gave a name":    {"", "@kim", "@kim"},
		"the handle for spaces of no width":     {"\u200b\u200d\u2060", "@kim", "@kim"},
		"the handle for marks of direction":     {"\u202e\u2066 ", "@kim", "@kim"},
		"the handle for letters that are blank": {"\u3164\u2800", "@kim", "@kim"},
		"the handle for bytes that are no text": {"\xff\xfe", "@kim", "@kim"},
		"a word when both show nothing":         {"\u200b", " ", "(no name)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Shown(tt.name, tt.handle); got != tt.want {
				t.Errorf("Shown = %q; want %q", got, tt.want)
			}
		})
	}
	if got := (Identity{Name: "\u200b", Handle: "@kim", RemoteID: "7"}).Called(); got != "@kim" {
		t.Errorf("Called = %q", got)
	}
}
