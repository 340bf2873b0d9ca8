package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"switchboard/internal/secret"
)

// Effective prints every setting in the form of the file, with secrets masked, and where each came from.
func (l *Loaded) Effective(w io.Writer) error {
	var b strings.Builder
	for _, s := range l.settings {
		if s.flag.Name == "config" {
			continue
		}
		line := strings.TrimRight(s.flag.Name+" = "+show(s.flag.Target), " ")
		fmt.Fprintf(&b, "%-50s # %s\n", line, s.from)
	}
	for _, name := range l.ignored {
		fmt.Fprintf(&b, "# %s is not a setting, and is ignored\n", name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// show writes a value as the file has it, a secret masked.
func show(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Database:
		return x.Masked()
	case secret.Text:
		return x.String()
	}
	if v.Kind() == reflect.Slice {
		var all []string
		for i := range v.Len() {
			all = append(all, show(v.Index(i)))
		}
		return strings.Join(all, ", ")
	}
	return fmt.Sprint(v.Interface())
}
