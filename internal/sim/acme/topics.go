package acme

import (
	"context"
	"fmt"
	"strings"

	"switchboard/internal/topic"
)

// places are where people write from or ask for us, with what other languages call them.
var places = []struct{ name, phrases string }{
	{"Berlin", "Berlin,Berlín,Berlino,Berlijn"}, {"Outlet", "outlet*,Werksverkauf,magasin d'usine"},
}

// campaigns are what marketing has on.
var campaigns = []struct{ name, phrases string }{
	{"Trade in the old one", "trade in,trade-in,Eintausch*,reprise"}, {"Repair café", "repair café*,Repair-Café*,#RepairWithAcme"},
}

// topics fills the dictionary: ACME's products by the names they have everywhere, its places and its campaigns.
func (d *Demo) topics(ctx context.Context) error {
	add := func(name string, kind topic.Kind, phrases []string) error {
		if _, err := d.app.Topics.Add(ctx, d.ada(), topic.Change{Name: &name, Kind: &kind, Phrases: &phrases}); err != nil {
			return fmt.Errorf("topic %s: %w", name, err)
		}
		return nil
	}
	for _, p := range products {
		if err := add(p, topic.Product, nil); err != nil {
			return err
		}
	}
	for _, p := range places {
		if err := add(p.name, topic.Place, strings.Split(p.phrases, ",")); err != nil {
			return err
		}
	}
	for _, c := range campaigns {
		if err := add(c.name, topic.Campaign, strings.Split(c.phrases, ",")); err != nil {
			return err
		}
	}
	return nil
}
