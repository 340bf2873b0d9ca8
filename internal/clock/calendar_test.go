package clock

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/fault"
)

func calendar(t testing.TB, h Hours) *Calendar {
	t.Helper()
	c, err := New(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// moment reads "2026-03-27 16:00" on the wall of a zone, or an exact moment with its offset.
func moment(t testing.TB, zone, s string) time.Time {
	t.Helper()
	if strings.Contains(s, "T") {
		m, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	m, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func everyDay(zone, from, to string) Hours {
	h := Office(zone, from, to)
	h.Week.Sat, h.Week.Sun = h.Week.Mon, h.Week.Mon
	return h
}

func nights(zone string) Hours { return everyDay(zone, "22:00", "06:00") }

func TestBetween(t *testing.T) {
	berlin := Office("Europe/Berlin", "09:00", "17:30")
	lunch := berlin
	lunch.Week.Mon = []Slot{{"09:00", "12:00"}, {"13:00", "17:30"}}
	feast := berlin
	feast.Holidays = []Holiday{{Date: "2026-12-24", Name: "Christmas Eve", Open: []Slot{{"09:00", "12:00"}}}, {Date: "2026-12-25", Name: "Christmas"}}
	german, british := berlin, Office("Europe/London", "09:00", "17:00")
	german.Country, british.Country = "de-by", "GB"
	overlap := berlin
	overlap.Week.Tue = []Slot{{"09:00", "12:00"}, {"11:00", "14:00"}, {"14:00", "15:00"}}

	for name, tt := range map[string]struct {
		hours    Hours
		from, to string
		want     time.Duration
	}{
		"within an hour": {berlin, "2026-03-25 10:00", "2026-03-25 10:20", 20 * time.Minute},
		"over a night":   {berlin, "2026-03-25 17:00", "2026-03-26 09:15", 45 * time.Minute},
		"over a weekend": {berlin, "2026-03-20 17:00", "2026-03-23 10:00", 90 * time.Minute},
		"over a weekend on which clocks go forward":         {berlin, "2026-03-27 17:00", "2026-03-30 10:00", 90 * time.Minute},
		"over a lunch break":                                {lunch, "2026-03-23 11:30", "2026-03-23 13:30", time.Hour},
		"over slots that overlap, once":                     {overlap, "2026-03-24 00:00", "2026-03-25 00:00", 6 * time.Hour},
		"over a short day and a holiday":                    {feast, "2026-12-24 11:00", "2026-12-28 10:00", 2 * time.Hour},
		"over Epiphany, a holiday in Bavaria":               {german, "2026-01-05 17:00", "2026-01-07 10:00", 90 * time.Minute},
		"over Boxing Day, taken off on the Monday after":    {british, "2026-12-24 16:00", "2026-12-29 10:00", 2 * time.Hour},
		"backwards is negative":                             {berlin, "2026-03-26 09:15", "2026-03-25 17:00", -45 * time.Minute},
		"a whole year":                                      {berlin, "2026-01-01 00:00", "2027-01-01 00:00", 261 * 510 * time.Minute},
		"a night shift when an hour is skipped":             {nights("Europe/Berlin"), "2026-03-28 12:00", "2026-03-29 12:00", 7 * time.Hour},
		"a night shift when an hour is doubled":             {nights("Europe/Berlin"), "2026-10-24 12:00", "2026-10-25 12:00", 9 * time.Hour},
		"a night shift when half an hour is skipped":        {nights("Australia/Lord_Howe"), "2026-10-03 12:00", "2026-10-04 12:00", 7*time.Hour + 30*time.Minute},
		"a night shift when half an hour is doubled":        {nights("Australia/Lord_Howe"), "2026-04-04 12:00", "2026-04-05 12:00", 8*time.Hour + 30*time.Minute},
		"a slot within the skipped hour lasts nothing":      {everyDay("Europe/Berlin", "02:00", "03:00"), "2026-03-29 00:00", "2026-03-30 00:00", 0},
		"a slot within the doubled hour happens once":       {everyDay("Europe/Berlin", "02:15", "02:30"), "2026-10-25 00:00", "2026-10-26 00:00", 15 * time.Minute},
		"a slot that ends as the doubled hour begins":       {everyDay("Europe/Berlin", "00:00", "02:00"), "2026-10-25 00:00", "2026-10-26 00:00", 2 * time.Hour},
		"a half-hour zone":                                  {everyDay("Asia/Kolkata", "09:00", "17:00"), "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", 8 * time.Hour},
		"a zone of three quarters":                          {everyDay("Asia/Kathmandu", "09:00", "17:00"), "2026-05-01T05:15:00Z", "2026-05-01T06:15:00Z", time.Hour},
		"the day that Samoa left out has no hours":          {everyDay("Pacific/Apia", "09:00", "17:00"), "2011-12-29 17:00", "2011-12-31 10:00", time.Hour},
		"all day and night over the day Samoa left out":     {everyDay("Pacific/Apia", "00:00", "24:00"), "2011-12-29 00:00", "2012-01-01 00:00", 48 * time.Hour},
		"the leap day":                                      {everyDay("Europe/Berlin", "09:00", "17:00"), "2028-02-28 17:00", "2028-03-01 09:00", 8 * time.Hour},
		"no leap day in 2100":                               {everyDay("Europe/Berlin", "09:00", "17:00"), "2100-02-28 17:00", "2100-03-01 10:00", time.Hour},
		"clocks that go forward at midnight":                {everyDay("America/Sao_Paulo", "00:00", "24:00"), "2018-11-03 12:00", "2018-11-04 12:00", 23 * time.Hour},
		"nanoseconds":                                       {berlin, "2026-03-25T10:00:00.000000001+01:00", "2026-03-25T10:00:00.000000004+01:00", 3},
		"a night shift begun before a holiday runs into it": {func() Hours { h := nights("UTC"); h.Holidays = []Holiday{{Date: "2026-05-02"}}; return h }(), "2026-05-01 12:00", "2026-05-03 12:00", 8 * time.Hour},
		"always open, a day of 23 hours":                    {Hours{Zone: "Europe/Berlin", Always: true}, "2026-03-29 00:00", "2026-03-30 00:00", 23 * time.Hour},
		"the earliest time there is":                        {berlin, "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z", 8*time.Hour + 30*time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			c := calendar(t, tt.hours)
			if got := c.Between(moment(t, tt.hours.Zone, tt.from), moment(t, tt.hours.Zone, tt.to)); got != tt.want {
				t.Errorf("Between = %v; want %v", got, tt.want)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	berlin := Office("Europe/Berlin", "09:00", "17:30")
	for name, tt := range map[string]struct {
		hours Hours
		from  string
		d     time.Duration
		want  string
	}{
		"within the day":                            {berlin, "2026-03-25 10:00", time.Hour, "2026-03-25 11:00"},
		"to the very end of the day":                {berlin, "2026-03-25 17:00", 30 * time.Minute, "2026-03-25 17:30"},
		"a minute past the end is next morning":     {berlin, "2026-03-25 17:00", 31 * time.Minute, "2026-03-26 09:01"},
		"from Friday evening to Monday":             {berlin, "2026-03-27 18:00", time.Hour, "2026-03-30 10:00"},
		"nothing is where we are, open or not":      {berlin, "2026-03-28 03:00", 0, "2026-03-28 03:00"},
		"back over a night":                         {berlin, "2026-03-26 09:15", -45 * time.Minute, "2026-03-25 17:00"},
		"back to the very start of the day":         {berlin, "2026-03-26 10:00", -time.Hour, "2026-03-26 09:00"},
		"back from a closed Sunday":                 {berlin, "2026-03-29 12:00", -30 * time.Minute, "2026-03-27 17:00"},
		"back three weeks":                          {berlin, "2026-03-25 12:00", -15 * 510 * time.Minute, "2026-03-04 12:00"},
		"a night shift over the skipped hour":       {nights("Europe/Berlin"), "2026-03-28 22:00", 7 * time.Hour, "2026-03-29 06:00"},
		"a night shift over the doubled hour":       {nights("Europe/Berlin"), "2026-10-24 22:00", 9 * time.Hour, "2026-10-25 06:00"},
		"over the day that Samoa left out":          {everyDay("Pacific/Apia", "09:00", "17:00"), "2011-12-29 16:00", 2 * time.Hour, "2011-12-31 10:00"},
		"an hour a week for two years":              {Hours{Week: Week{Sat: []Slot{{"10:00", "11:00"}}}}, "2026-01-03 10:00", 104 * time.Hour, "2027-12-25 11:00"},
		"no further than a hundred years":           {Hours{Week: Week{Sat: []Slot{{"10:00", "10:01"}}}}, "2026-01-03 10:00", 1000 * time.Hour, "2126-03-20 10:00"},
		"no further back than a hundred years":      {Hours{Week: Week{Sat: []Slot{{"10:00", "10:01"}}}}, "2126-03-15 10:00", -1000 * time.Hour, "2025-12-29 10:00"},
		"always open counts every hour there is":    {Hours{Zone: "Europe/Berlin", Always: true}, "2026-03-29 00:00", 24 * time.Hour, "2026-03-30 01:00"},
		"to the moment an hour of night is doubled": {nights("Europe/Berlin"), "2026-10-24 22:00", 5 * time.Hour, "2026-10-25T01:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			c := calendar(t, tt.hours)
			from, want := moment(t, tt.hours.Zone, tt.from), moment(t, tt.hours.Zone, tt.want)
			got := c.Add(from, tt.d)
			if !got.Equal(want) {
				t.Errorf("Add = %v; want %v", got, want)
			}
			if got.Location() != from.Location() {
				t.Errorf("Add answers in %v; want the zone it was asked in, %v", got.Location(), from.Location())
			}
		})
	}
}

func TestOpenAndNextOpen(t *testing.T) {
	berlin := Office("Europe/Berlin", "09:00", "17:30")
	closedForYears := Office("UTC", "09:00", "17:00")
	for d := range 700 {
		closedForYears.Holidays = append(closedForYears.Holidays, Holiday{Date: time.Date(2026, 1, 1+d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)})
	}
	for name, tt := range map[string]struct {
		hours    Hours
		at, next string // next "" means open now
	}{
		"in the morning":                       {berlin, "2026-03-25 08:59", "2026-03-25 09:00"},
		"at the first minute":                  {berlin, "2026-03-25 09:00", ""},
		"in the last minute":                   {berlin, "2026-03-25 17:29", ""},
		"at the end":                           {berlin, "2026-03-25 17:30", "2026-03-26 09:00"},
		"on Saturday before clocks go forward": {berlin, "2026-03-28 12:00", "2026-03-30 09:00"},
		"after midnight in a night shift":      {nights("Europe/Berlin"), "2026-03-28 03:00", ""},
		"a slot that begins in a skipped hour": {everyDay("Europe/Berlin", "02:30", "04:00"), "2026-03-29 00:00", "2026-03-29T01:00:00Z"},
		"the first of two readings":            {everyDay("Europe/Berlin", "02:30", "04:00"), "2026-10-25 00:00", "2026-10-25T00:30:00Z"},
		"over two years of holidays":           {closedForYears, "2026-01-01 10:00", "2027-12-02 09:00"},
		"always open":                          {Hours{Always: true}, "2026-01-01 10:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, now := calendar(t, tt.hours), moment(t, tt.hours.Zone, tt.at)
			if got := c.Open(now); got != (tt.next == "") {
				t.Errorf("Open = %v", got)
			}
			want := now
			if tt.next != "" {
				want = moment(t, tt.hours.Zone, tt.next)
			}
			if got := c.NextOpen(now); !got.Equal(want) {
				t.Errorf("NextOpen = %v; want %v", got, want)
			}
		})
	}
}

func TestWall(t *testing.T) {
	for name, tt := range map[string]struct {
		zone            string
		y, mo, d, h, mi int
		want            string
	}{
		"an ordinary time":                      {"Europe/Berlin", 2026, 7, 1, 9, 0, "2026-07-01T07:00:00Z"},
		"a skipped time is when the skip ends":  {"Europe/Berlin", 2026, 3, 29, 2, 30, "2026-03-29T01:00:00Z"},
		"a doubled time is the first":           {"Europe/Berlin", 2026, 10, 25, 2, 30, "2026-10-25T00:30:00Z"},
		"after the doubled hour":                {"Europe/Berlin", 2026, 10, 25, 3, 0, "2026-10-25T02:00:00Z"},
		"a doubled half hour":                   {"Australia/Lord_Howe", 2026, 4, 5, 1, 45, "2026-04-04T14:45:00Z"},
		"a skipped day":                         {"Pacific/Apia", 2011, 12, 30, 9, 0, "2011-12-30T10:00:00Z"},
		"a skipped midnight":                    {"America/Sao_Paulo", 2018, 11, 4, 0, 0, "2018-11-04T03:00:00Z"},
		"minutes carry over":                    {"UTC", 2026, 2, 28, 23, 90, "2026-03-01T00:30:00Z"},
		"the last day of a leap year past 2037": {"Europe/Berlin", 2040, 12, 31, 9, 0, "2040-12-31T08:00:00Z"},
		"far ahead of Greenwich":                {"Pacific/Kiritimati", 2026, 1, 1, 0, 0, "2025-12-31T10:00:00Z"},
		"far behind":                            {"Pacific/Pago_Pago", 2026, 1, 1, 0, 0, "2026-01-01T11:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			loc, err := Zone(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := Wall(loc, tt.y, time.Month(tt.mo), tt.d, tt.h, tt.mi); !got.Equal(moment(t, "UTC", tt.want)) {
				t.Errorf("Wall = %v; want %v", got.UTC(), tt.want)
			}
		})
	}
}

func TestWhatIsNoCalendarIsNamed(t *testing.T) {
	day := func(from, to string) Hours { return Hours{Week: Week{Wed: []Slot{{from, to}}}} }
	for name, tt := range map[string]struct {
		hours Hours
		field string
		says  string
	}{
		"never open":                {Hours{Zone: "Europe/Berlin"}, "week", "never open"},
		"both always and a week":    {Hours{Always: true, Week: Week{Mon: []Slot{{"09:00", "10:00"}}}}, "always", "leave out"},
		"an unknown zone":           {Hours{Zone: "Mars/Olympus", Always: true}, "zone", "Europe/Berlin"},
		"the machine's own zone":    {Hours{Zone: "Local", Always: true}, "zone", "Europe/Berlin"},
		"a zone that is a path":     {Hours{Zone: "../../etc/passwd", Always: true}, "zone", "Europe/Berlin"},
		"no such time of day":       {day("09:60", "10:00"), "week.wed[0].from", "09:00"},
		"a time without minutes":    {day("9", "10:00"), "week.wed[0].from", "09:00"},
		"a time with a sign":        {day("+9:00", "10:00"), "week.wed[0].from", "09:00"},
		"past the end of the day":   {day("09:00", "24:01"), "week.wed[0].to", "24:01"},
		"begins at the day's end":   {day("24:00", "06:00"), "week.wed[0].from", "24:00"},
		"an empty slot":             {day("09:00", "09:00"), "week.wed[0]", "00:00 to 24:00"},
		"no such date":              {Hours{Week: day("09:00", "10:00").Week, Holidays: []Holiday{{Date: "2026-02-30"}}}, "holidays[0].date", "2026-12-24"},
		"a date twice":              {Hours{Week: day("09:00", "10:00").Week, Holidays: []Holiday{{Date: "2026-02-03"}, {Date: "2026-02-03"}}}, "holidays[1].date", "twice"},
		"a wrong slot on a holiday": {Hours{Week: day("09:00", "10:00").Week, Holidays: []Holiday{{Date: "2026-02-03", Open: []Slot{{"x", "y"}}}}}, "holidays[0].open[0].from", "09:00"},
		"too many holidays":         {Hours{Week: day("09:00", "10:00").Week, Holidays: make([]Holiday, 1001)}, "holidays", "1000"},
		"an unknown country":        {Hours{Week: day("09:00", "10:00").Week, Country: "XX"}, "country", "leave country empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(tt.hours)
			f, ok := err.(*fault.Error)
			if !ok || f.Kind != fault.Invalid || f.Field != tt.field || !strings.Contains(f.Message, tt.says) {
				t.Errorf("New says %#v; want a fault about %s with %q", err, tt.field, tt.says)
			}
		})
	}
}

func TestACalendarIsKeptAsItsHours(t *testing.T) {
	const text = `{"zone":"Europe/Berlin","week":{"mon":[{"from":"09:00","to":"17:30"}],"fri":[{"from":"22:00","to":"06:00"}]},"holidays":[{"date":"2026-12-24","name":"Christmas Eve","open":[{"from":"09:00","to":"12:00"}]}],"country":"DE"}`
	var c *Calendar
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(c); err != nil || string(b) != text {
		t.Errorf("written: %s, %v\nwant:    %s", b, err, text)
	}
	if err := json.Unmarshal([]byte(`{"zone":"Europe/Berlin","week":{}}`), &c); !fault.Is(err, fault.Invalid) {
		t.Errorf("hours that are never open: %v; want Invalid", err)
	}
	if err := json.Unmarshal([]byte(`{"week":7}`), &c); !fault.Is(err, fault.Invalid) {
		t.Errorf("a week that is a number: %v; want Invalid", err)
	}
	if b, err := json.Marshal(new(Calendar)); err != nil || string(b) != `{"zone":"","always":true}` {
		t.Errorf("the zero Calendar is written %s, %v", b, err)
	}
}

func TestNoCalendarIsAlwaysOpen(t *testing.T) {
	now := time.Date(2026, 3, 29, 3, 0, 0, 0, time.UTC)
	for name, c := range map[string]*Calendar{"nil": nil, "zero": {}} {
		t.Run(name, func(t *testing.T) {
			if !c.Open(now) || c.Between(now, now.Add(time.Hour)) != time.Hour || !c.Add(now, time.Hour).Equal(now.Add(time.Hour)) ||
				!c.NextOpen(now).Equal(now) || c.Location() != time.UTC {
				t.Error("it is not")
			}
		})
	}
}

func TestEveryCountryMakesACalendar(t *testing.T) {
	codes := Countries()
	if len(codes) < 70 || !slices.IsSorted(codes) {
		t.Fatalf("%d countries, sorted %v", len(codes), slices.IsSorted(codes))
	}
	start, end := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, code := range codes {
		h := everyDay("UTC", "09:00", "10:00")
		h.Country = code
		if got := calendar(t, h).Between(start, end).Hours(); got > 361 || got < 330 {
			t.Errorf("%s is open on %v days of 2026", code, got)
		}
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	c := calendar(t, Office("Europe/Berlin", "09:00", "17:30"))
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 300 {
				a := start.AddDate(0, 0, (i*37+g*11)%5000)
				if c.Between(a, c.Add(a, 20*time.Hour)) != 20*time.Hour {
					t.Error("Add and Between part ways")
				}
			}
		})
	}
	wg.Wait()
	if n := len(*c.known.Load()); n > mostBlocks {
		t.Errorf("%d blocks are kept; %d are the most", n, mostBlocks)
	}
}

func TestPretend(t *testing.T) {
	start := time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC)
	p := At(start)
	if p.Add(time.Hour); !p.Now().Equal(start.Add(time.Hour)) {
		t.Error("it does not move")
	}
	if p.Set(start); !p.Now().Equal(start) {
		t.Error("it cannot be set back")
	}
	if now := System()(); now.Year() < 2025 {
		t.Errorf("the machine's clock shows %v", now)
	}
}

func BenchmarkAddADay(b *testing.B) {
	c := calendar(b, Office("Europe/Berlin", "09:00", "17:30"))
	start := time.Date(2026, 3, 27, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.Add(start, 8*time.Hour)
	}
}

func BenchmarkBetweenADay(b *testing.B) {
	c := calendar(b, Office("Europe/Berlin", "09:00", "17:30"))
	start := time.Date(2026, 3, 27, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.Between(start, start.Add(90*time.Hour))
	}
}

func BenchmarkBetweenAYear(b *testing.B) {
	c := calendar(b, Office("Europe/Berlin", "09:00", "17:30"))
	start := time.Date(2026, 3, 27, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.Between(start, start.AddDate(1, 0, 0))
	}
}

func BenchmarkMakeABlock(b *testing.B) {
	h := Office("Europe/Berlin", "09:00", "17:30")
	h.Country = "DE"
	c := calendar(b, h)
	for b.Loop() {
		c.makeBlock(423)
	}
}
