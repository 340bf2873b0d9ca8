package routing

// Row says which department answers what. An empty condition holds for everything; the row with the narrowest conditions
// counts: topic before standing before intent before language, the earlier of equals.
type Row struct {
	Intent     string `json:"intent,omitempty"`
	Topic      string `json:"topic,omitempty"`
	Standing   string `json:"standing,omitempty"`
	Language   string `json:"language,omitempty"`
	Department string `json:"department"`
	StandIn    string `json:"standIn,omitempty"` // answers while nobody of Department is at work
}

// Map is the responsibility map, ready for use.
type Map struct {
	Version  string
	rows     []Row
	byIntent map[string][]int // rows for an intent and those for all, in order
	all      []int            // rows for all intents
}

// NewMap makes a map of rows. version is kept for whoever asks what was in force.
func NewMap(version string, rows []Row) *Map {
	m := &Map{Version: version, rows: append([]Row(nil), rows...), byIntent: map[string][]int{}}
	for _, r := range m.rows {
		m.byIntent[r.Intent] = nil
	}
	for i, r := range m.rows {
		if r.Intent == "" {
			m.all = append(m.all, i)
		}
		for intent := range m.byIntent {
			if r.Intent == "" || r.Intent == intent {
				m.byIntent[intent] = append(m.byIntent[intent], i)
			}
		}
	}
	return m
}

// narrowness orders rows by how much they ask for.
func (r *Row) narrowness() (n int) {
	for i, c := range [...]string{r.Language, r.Intent, r.Standing, r.Topic} {
		if c != "" {
			n += 1 << i
		}
	}
	return n
}

// narrow reports whether the row was written for more than an intent or a language: then it outweighs the model.
func (r *Row) narrow() bool { return r.Topic != "" || r.Standing != "" }

// row is the row in force for an intent of the case, nil if none is.
func (m *Map) row(intent string, c *Case) *Row {
	at, known := m.byIntent[intent]
	if !known {
		at = m.all
	}
	best, narrowness := -1, -1
	for _, i := range at {
		r := &m.rows[i]
		if n := r.narrowness(); n > narrowness && holds(r.Language, c.Language) && holdsOne(r.Standing, c.Standings) && holdsOne(r.Topic, c.Topics) {
			best, narrowness = i, n
		}
	}
	if best < 0 {
		return nil
	}
	return &m.rows[best]
}

func holds(want, is string) bool { return want == "" || want == is }

func holdsOne(want string, are []string) bool {
	if want == "" {
		return true
	}
	for _, s := range are {
		if s == want {
			return true
		}
	}
	return false
}
