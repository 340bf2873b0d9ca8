package policy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"switchboard/internal/topic"
)

// onTopics returns what says which topics an opening is on by the dictionary as it is now, so that a row or rule for a topic
// that was added today can be tried on yesterday.
func (p *Policy) onTopics(ctx context.Context) (func(*past), error) {
	if p.Topics == nil {
		return func(*past) {}, nil
	}
	m, err := p.Topics.Matcher(ctx)
	return func(o *past) {
		for _, k := range m.Keys(o.from.Text, o.from.Subject) {
			if !slices.Contains(o.from.Topics, k) {
				o.from.Topics = append(o.from.Topics, k)
			}
		}
	}, err
}

// doubtTopics adds to m's doubts the rows whose topic the dictionary does not have, or has switched off.
func (p *Policy) doubtTopics(ctx context.Context, m Map) (Map, error) {
	if p.Topics == nil {
		return m, nil
	}
	list, err := p.Topics.Topics(ctx)
	if err != nil {
		return m, err
	}
	for k, row := range m.Rows {
		if row.Topic == "" {
			continue
		}
		switch at := slices.IndexFunc(list, func(t topic.Topic) bool { return t.Key == row.Topic }); {
		case at < 0:
			m.Doubts = append(m.Doubts, RowDoubt{k, fmt.Sprintf("no topic %q is in the dictionary: the row holds for nothing until there is one", row.Topic)})
		case !list[at].Enabled:
			m.Doubts = append(m.Doubts, RowDoubt{k, fmt.Sprintf("the topic %q is switched off: the row holds for nothing meanwhile", list[at].Name)})
		}
	}
	slices.SortStableFunc(m.Doubts, func(a, b RowDoubt) int { return cmp.Compare(a.Row, b.Row) })
	return m, nil
}
