package triage

import "slices"

// Adapt returns a model that fits seed at once, and leaves m as it was: departments that seed no longer has are gone, those it
// has anew are known by their phrases, and those of which before says other phrases have learned what was added; skills and
// topics are those of seed. It takes tens of milliseconds. Train does the same more evenly: do that next. The intents stay
// as they are.
func (m *Model) Adapt(before, seed Seed) *Model {
	next := *m
	next.departments = head{temperature: m.departments.temperature}
	var from []int // column of each department in m, -1 for a new one
	for _, d := range seed.Departments {
		if next.departments.index(d.Key) >= 0 {
			continue
		}
		at := m.departments.index(d.Key)
		bias := float32(0)
		if at >= 0 {
			bias = m.departments.bias[at]
		}
		next.departments.keys = append(next.departments.keys, d.Key)
		next.departments.names = append(next.departments.names, named(d.Name, d.Key))
		next.departments.bias = append(next.departments.bias, bias)
		from = append(from, at)
	}
	next.weights = m.weights.relaid(len(m.departments.keys), from)
	next.columns()
	next.skillNames, next.skillWords = nil, nil
	next.learnSkills(seed.Staff)
	next.learnTopics(seed.Topics)
	known := make(map[string]Department, len(before.Departments))
	for _, d := range before.Departments {
		known[d.Key] = d
	}
	var added []Example
	for _, d := range seed.Departments {
		for _, p := range append([]string{d.Name}, d.Phrases...) {
			if was, ok := known[d.Key]; !ok || p != was.Name && !slices.Contains(was.Phrases, p) {
				added = append(added, Example{Input: Input{Text: p}, Department: d.Key})
			}
		}
	}
	adapted := next.Learn(added...)
	adapted.learned = m.learned
	return adapted
}

// relaid is w with other departments: their columns come first, n of them until now; from says where each was, -1 for one that
// has no weights yet.
func (w *weights) relaid(n int, from []int) weights {
	rest := w.stride - 1 - n
	out := newWeights(1 + len(from) + rest)
	for i := range w.leaves {
		old := &w.leaves[i]
		count := len(old.rows) / w.stride
		rows := make([]half, 0, count*out.stride)
		for k := range count {
			row := old.rows[k*w.stride : (k+1)*w.stride]
			rows = append(rows, row[0])
			for _, at := range from {
				if at < 0 {
					rows = append(rows, 0)
				} else {
					rows = append(rows, row[1+at])
				}
			}
			rows = append(rows, row[1+n:]...)
		}
		out.leaves[i] = leaf{old.there, rows}
	}
	return out
}
