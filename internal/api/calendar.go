package api

import "switchboard/internal/clock"

// Calendar says when somebody works, in words of the wall. Sent with no slot on any day, and not always, it means: by the next
// wider hours (a person's are the organisation's).
type Calendar struct {
	Zone     string    `json:"zone" maxLength:"64" doc:"IANA time zone; empty: UTC."`
	Always   bool      `json:"always,omitempty" doc:"Day and night: then there are no slots and no holidays."`
	Week     Week      `json:"week"`
	Holidays []Holiday `json:"holidays" maxItems:"1000" nullable:"false"`
	Country  string    `json:"country,omitempty" maxLength:"10" doc:"Closed on the public holidays there too: DE, DE-BY, GB …"`
}

// Week holds the slots of each day; a day without any is closed.
type Week struct {
	Mon []Slot `json:"mon" nullable:"false" maxItems:"20"`
	Tue []Slot `json:"tue" nullable:"false" maxItems:"20"`
	Wed []Slot `json:"wed" nullable:"false" maxItems:"20"`
	Thu []Slot `json:"thu" nullable:"false" maxItems:"20"`
	Fri []Slot `json:"fri" nullable:"false" maxItems:"20"`
	Sat []Slot `json:"sat" nullable:"false" maxItems:"20"`
	Sun []Slot `json:"sun" nullable:"false" maxItems:"20"`
}

// Slot is a stretch of a day; one that ends at or before its beginning ends on the next day.
type Slot struct {
	From string `json:"from" maxLength:"5" example:"09:00"`
	To   string `json:"to" maxLength:"5" example:"17:30"`
}

// Holiday is a date with hours of its own, or none.
type Holiday struct {
	Date string `json:"date" maxLength:"10" example:"2026-12-24"`
	Name string `json:"name" maxLength:"120"`
	Open []Slot `json:"open,omitempty" maxItems:"20"`
}

// showHours is h for the screen, nil for none.
func showHours(h *clock.Hours) *Calendar {
	if h == nil {
		return nil
	}
	w := h.Week
	c := &Calendar{Zone: h.Zone, Always: h.Always, Country: h.Country, Holidays: []Holiday{},
		Week: Week{showSlots(w.Mon), showSlots(w.Tue), showSlots(w.Wed), showSlots(w.Thu), showSlots(w.Fri), showSlots(w.Sat), showSlots(w.Sun)}}
	for _, d := range h.Holidays {
		one := Holiday{Date: d.Date, Name: d.Name}
		if len(d.Open) > 0 {
			one.Open = showSlots(d.Open)
		}
		c.Holidays = append(c.Holidays, one)
	}
	return c
}

func showSlots(list []clock.Slot) []Slot {
	out := make([]Slot, 0, len(list))
	for _, s := range list {
		out = append(out, Slot(s))
	}
	return out
}

// hours is what was sent, for the features.
func (c *Calendar) hours() *clock.Hours {
	if c == nil {
		return nil
	}
	w := c.Week
	h := &clock.Hours{Zone: c.Zone, Always: c.Always, Country: c.Country,
		Week: clock.Week{Mon: slots(w.Mon), Tue: slots(w.Tue), Wed: slots(w.Wed), Thu: slots(w.Thu), Fri: slots(w.Fri), Sat: slots(w.Sat), Sun: slots(w.Sun)}}
	for _, d := range c.Holidays {
		h.Holidays = append(h.Holidays, clock.Holiday{Date: d.Date, Name: d.Name, Open: slots(d.Open)})
	}
	return h
}

func slots(list []Slot) []clock.Slot {
	var out []clock.Slot
	for _, s := range list {
		out = append(out, clock.Slot(s))
	}
	return out
}
