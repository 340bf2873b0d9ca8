package notify

import (
	"testing"
	"time"
)

func TestWhenADigestGoesOut(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, berlin) }
	for name, tt := range map[string]struct {
		digest    Digest
		now, want time.Time
	}{
		"at once is now":                              {AtOnce, at(2, 10, 7), at(2, 10, 7)},
		"hourly is the next full hour":                {Hourly, at(2, 10, 7), at(2, 11, 0)},
		"and at the full hour the next one":           {Hourly, at(2, 10, 0), at(2, 11, 0)},
		"before eight it goes this morning":           {Morning, at(2, 7, 59), at(2, 8, 0)},
		"after eight it goes tomorrow":                {Morning, at(2, 8, 0), at(3, 8, 0)},
		"on the day the clocks go forward, too":       {Morning, at(28, 9, 0), at(29, 8, 0)},
		"the hour that does not exist is passed over": {Hourly, at(29, 1, 30), at(29, 3, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.digest.next(tt.now, berlin); !got.Equal(tt.want) {
				t.Errorf("got %v; want %v", got, tt.want)
			}
		})
	}
}

func TestWhenItIsQuiet(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	for name, tt := range map[string]struct {
		from, until string
		now, want   time.Time
	}{
		"by day it is loud":                    {"20:00", "07:00", at(2, 12, 0), at(2, 12, 0)},
		"in the evening it waits for tomorrow": {"20:00", "07:00", at(2, 20, 0), at(3, 7, 0)},
		"before dawn it waits for the morning": {"20:00", "07:00", at(2, 6, 59), at(2, 7, 0)},
		"at seven it is loud":                  {"20:00", "07:00", at(2, 7, 0), at(2, 7, 0)},
		"a quiet within one day":               {"12:00", "13:00", at(2, 12, 30), at(2, 13, 0)},
		"nonsense is no quiet":                 {"x", "13:00", at(2, 12, 30), at(2, 12, 30)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := loud(tt.from, tt.until, tt.now, time.UTC); !got.Equal(tt.want) {
				t.Errorf("got %v; want %v", got, tt.want)
			}
		})
	}
}

func TestTheTableOfKinds(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range kinds {
		if k.Kind == "" || k.Title == "" || len(k.what) == 0 || k.whom == nil || k.say == nil || seen[k.Kind] {
			t.Errorf("the line of %q wants something, or is there twice", k.Kind)
		}
		seen[k.Kind] = true
		if s := (Told{Notification: Notification{Kind: k.Kind, Count: 1}}).Say(); len(s) < 10 {
			t.Errorf("%s is told as %q when nothing is known of it", k.Kind, s)
		}
		if !k.List && (k.Push || k.Mail) {
			t.Errorf("%s goes out without standing in the list", k.Kind)
		}
	}
}
