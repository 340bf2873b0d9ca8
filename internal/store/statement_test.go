package store

import (
	"strings"
	"testing"
)

// The text of a statement names the columns it was asked for, whatever else was asked for before.
func TestAnUpdateNamesItsOwnColumns(t *testing.T) {
	for _, columns := range [][]Column{
		{{"id", "BIGINT"}, {"name", "TEXT"}, {"state", "TEXT"}},
		{{"id", "BIGINT"}, {"problem", "TEXT"}, {"state", "TEXT"}},
		{{"id", "BIGINT"}, {"tries", "BIGINT"}, {"state", "TEXT"}},
		{{"number", "INTEGER"}, {"name", "TEXT"}, {"state", "TEXT"}},
		{{"id", "BIGINT"}, {"tries", "INTEGER"}, {"state", "TEXT"}},
	} {
		text := updateText("thing", columns, 2, false)
		for k, c := range columns {
			if want := c.Name + " = v.column"; !strings.Contains(text, want) || !strings.Contains(text, " AS "+c.Type+")") {
				t.Errorf("column %d, %v, is missing in %s", k, c, text)
			}
		}
	}
}
