package intake

import (
	"context"

	"switchboard/internal/routing"
	"switchboard/internal/skill"
)

// learnSkills looks what people have answered by now.
func (b *Brain) learnSkills(ctx context.Context) error {
	learned, err := b.Learned(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.skilled = learned
	return nil
}

// Learned is what people have answered, by their keys and as routing hears of it.
func (b *Brain) Learned(ctx context.Context) (map[string][]routing.Learned, error) {
	if b.Skills == nil {
		return nil, nil
	}
	all, err := b.Skills.Of(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	if b.Topics != nil {
		topics, err := b.Topics.Topics(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range topics {
			names[t.Key] = t.Name
		}
	}
	out := make(map[string][]routing.Learned, len(all))
	for p, list := range all {
		for _, l := range list {
			k := routing.Learned{Topic: l.Kind == skill.Topic, Key: l.Key, Name: l.Key, Count: l.Count, Median: l.Median}
			if k.Topic {
				name, there := names[l.Key]
				if !there {
					continue // it was removed from the dictionary
				}
				k.Name = name
			}
			out[p.String()] = append(out[p.String()], k)
		}
	}
	return out, nil
}

// experience is what people have answered, as it was looked at last.
func (b *Brain) experience() map[string][]routing.Learned {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.skilled
}
