package config

import (
	"fmt"
	"os"
	"strings"
)

// DefaultFile is read when there is one and no other is named.
const DefaultFile = "switchboard.conf"

// setting is a value as it was written, and where.
type setting struct {
	value  string
	origin string
}

// readFile reads the settings of a file by name. Whether the names are any of ours is not its business.
func readFile(path string) (map[string]setting, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the settings cannot be read: %w", err)
	}
	all := map[string]setting{}
	for n, line := range strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		where := fmt.Sprintf("%s, line %d", path, n+1)
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		line, _, _ = strings.Cut(line, " # ")
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" {
			return nil, fmt.Errorf("%s: this is not a setting: write it like “public-url = https://talk.acme.example”", where)
		}
		if old, twice := all[name]; twice {
			return nil, fmt.Errorf("%s: %s is set already (%s): a list has its values in one line, with commas between them", where, name, old.origin)
		}
		all[name] = setting{value, where}
	}
	return all, nil
}
