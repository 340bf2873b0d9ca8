package clock

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/fault"
)

// Hours says in words of the wall when somebody works. It is what is shown, sent and stored; New makes the Calendar that
// reckons with it. Either Always is set or at least one day of the Week has a Slot: "never" is not a calendar.
type Hours struct {
	Zone     string    `json:"zone"`               // an IANA name, "Europe/Berlin"; "" is UTC
	Always   bool      `json:"always,omitempty"`   // day and night, holidays too: Week, Holidays and Country must be empty
	Week     Week      `json:"week,omitzero"`      // the hours of an ordinary week
	Holidays []Holiday `json:"holidays,omitempty"` // days with other hours, or none
	Country  string    `json:"country,omitempty"`  // also closed on the public holidays of "DE", "DE-BY", "GB" …: see Countries
}

// Week holds the slots of each day. A day without slots is closed.
type Week struct {
	Mon []Slot `json:"mon,omitempty"`
	Tue []Slot `json:"tue,omitempty"`
	Wed []Slot `json:"wed,omitempty"`
	Thu []Slot `json:"thu,omitempty"`
	Fri []Slot `json:"fri,omitempty"`
	Sat []Slot `json:"sat,omitempty"`
	Sun []Slot `json:"sun,omitempty"`
}

// Slot is a stretch of a day. When To is not later than From it is a reading of the next day, so a night shift is
// {22:00 06:00} and belongs wholly to the day on which it begins; "24:00" is the end of the day.
type Slot struct {
	From string `json:"from"` // "09:00"
	To   string `json:"to"`   // "17:30"
}

// Holiday is a date with hours of its own. It replaces the slots that begin on that day and any public holiday.
type Holiday struct {
	Date string `json:"date"` // "2026-12-24", in the calendar's zone
	Name string `json:"name"`
	Open []Slot `json:"open,omitempty"` // none: closed
}

// Office returns Monday to Friday from one reading to another, the start for an organisation that has said nothing yet.
func Office(zone, from, to string) Hours {
	day := []Slot{{From: from, To: to}}
	return Hours{Zone: zone, Week: Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day}}
}

const mostHolidays = 1000 // dates in one calendar: more is a mistake, and would be slow

// span is a slot in seconds since the day's midnight on the wall; to may lie on the next day.
type span struct{ from, to int64 }

// days reads the week, Sunday first as time.Weekday counts.
func (w Week) days() (days [7][]span, any bool, err error) {
	names := [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for i, slots := range [7][]Slot{w.Sun, w.Mon, w.Tue, w.Wed, w.Thu, w.Fri, w.Sat} {
		if days[i], err = spans("week."+names[i], slots); err != nil {
			return days, false, err
		}
		any = any || len(slots) > 0
	}
	return days, any, nil
}

func spans(field string, slots []Slot) ([]span, error) {
	out := make([]span, 0, len(slots))
	for i, s := range slots {
		where := fmt.Sprintf("%s[%d]", field, i)
		from, err := reading(s.From)
		if err != nil || from == daySeconds {
			return nil, fault.In(where+".from", where+".from: "+sayReading(s.From))
		}
		to, err := reading(s.To)
		if err != nil {
			return nil, fault.In(where+".to", where+".to: "+sayReading(s.To))
		}
		if from == to {
			return nil, fault.In(where, fmt.Sprintf("%s begins and ends at %s: for the whole day say 00:00 to 24:00", where, s.From))
		}
		if to < from {
			to += daySeconds
		}
		out = append(out, span{from, to})
	}
	slices.SortFunc(out, func(a, b span) int { return int(a.from - b.from) })
	return out, nil
}

func sayReading(s string) string {
	return fmt.Sprintf("%q is not a time of day: write it like 09:00 or 17:30", s)
}

// reading turns "17:30" into seconds. "24:00" is allowed.
func reading(s string) (int64, error) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if !ok || len(h) != 2 || len(m) != 2 || err1 != nil || err2 != nil || minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return 0, fmt.Errorf("not a time of day")
	}
	return int64(hour*3600 + minute*60), nil
}

// special reads the holidays into the spans of their days since 1970.
func (h Hours) special() (map[int64][]span, error) {
	if len(h.Holidays) > mostHolidays {
		return nil, fault.In("holidays", fmt.Sprintf("there are %d holidays: %d are the most a calendar can hold", len(h.Holidays), mostHolidays))
	}
	days := make(map[int64][]span, len(h.Holidays))
	for i, d := range h.Holidays {
		where := fmt.Sprintf("holidays[%d]", i)
		t, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			return nil, fault.In(where+".date", fmt.Sprintf("%s.date: %q is not a date: write it like 2026-12-24", where, d.Date))
		}
		day := t.Unix() / daySeconds
		if _, twice := days[day]; twice {
			return nil, fault.In(where+".date", fmt.Sprintf("%s.date: %s is there twice", where, d.Date))
		}
		if days[day], err = spans(where+".open", d.Open); err != nil {
			return nil, err
		}
	}
	return days, nil
}
