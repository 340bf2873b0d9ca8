package account

import (
	"encoding/json"
	"maps"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/secret"
)

// merge is the new settings over the old ones: what a screen can't show (a secret) and so sends back blank or masked stays,
// and so does what the connector added by itself. A secret belongs to the server it was entered for: where another is named,
// one that is not entered again is missed, or with drop is left out.
func merge(about channel.About, old, given json.RawMessage, drop bool) (json.RawMessage, error) {
	was, is := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(old, &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(given, &is); err != nil {
		return nil, fault.In("settings", "the settings are an object of names and values")
	}
	out := maps.Clone(was)
	asked, moved := map[string]bool{}, false
	for _, s := range about.Settings {
		asked[s.Name] = true
		if v, ok := is[s.Name]; ok && (s.Kind != "secret" || !blank(v)) {
			out[s.Name] = v
			moved = moved || s.Server && meant(s, v) != meant(s, was[s.Name])
		}
	}
	for name := range is {
		if !asked[name] { // nearly the name of one of ours would be read as that one by a connector
			return nil, fault.In(name, "this channel asks for no such setting: leave it out")
		}
	}
	if moved {
		if err := leave(about, was, is, out, drop); err != nil {
			return nil, err
		}
	}
	return json.Marshal(out)
}

// leave takes out of the settings of another server what belongs to the one before.
func leave(about channel.About, was, is, out map[string]json.RawMessage, drop bool) error {
	for _, s := range about.Settings {
		if s.Kind != "secret" || blank(was[s.Name]) || !blank(is[s.Name]) {
			continue
		}
		if !drop {
			return fault.In(s.Name, "this belongs to the server it was entered for: enter it again")
		}
		delete(out, s.Name)
	}
	for _, name := range about.Own {
		delete(out, name)
	}
	return nil
}

// blank reports whether v says nothing: it is missing, null, empty, or the mask.
func blank(v json.RawMessage) bool {
	var s string
	return len(v) == 0 || string(v) == "null" || json.Unmarshal(v, &s) == nil && (s == "" || s == secret.Mask)
}

// meant is a setting's value as it is compared: a number or a yes may be written as text, and what is left out is the default.
func meant(s channel.Setting, v json.RawMessage) string {
	text := string(v)
	var is string
	if json.Unmarshal(v, &is) == nil { // null, too, is no text
		text = strings.TrimSpace(is)
	}
	if text == "" {
		return s.Default
	}
	return text
}
