package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
)

// JSON is how a small structure is kept: as its JSON text. What can't be marshalled is a fault of the program.
func JSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T does not marshal: %v", v, err))
	}
	return string(b)
}

// Parse scans a kept structure into v, which it leaves alone when the text is empty.
func Parse(v any) sql.Scanner { return jsonScanner{v} }

type jsonScanner struct{ v any }

func (s jsonScanner) Scan(v any) error {
	var b []byte
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return fmt.Errorf("a structure is kept as text, not %T", v)
	}
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, s.v)
}

// Bytes is JSON as bytes.
func Bytes(v any) []byte { return []byte(JSON(v)) }
