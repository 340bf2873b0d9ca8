package store

import (
	"database/sql"
	"fmt"
	"time"
)

// Micros is how a time is kept: microseconds since 1970 UTC, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros is the time Micros kept, in UTC.
func FromMicros(v int64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMicro(v).UTC()
}

// Time scans a kept time into t.
func Time(t *time.Time) sql.Scanner { return (*timeScanner)(t) }

type timeScanner time.Time

func (s *timeScanner) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s = timeScanner{}
	case int64:
		*s = timeScanner(FromMicros(v))
	default:
		return fmt.Errorf("a time is kept as a number, not %T", v)
	}
	return nil
}

// Bool is how a truth is kept: 1 or 0.
func Bool(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Truth scans a kept truth into b.
func Truth(b *bool) sql.Scanner { return (*truthScanner)(b) }

type truthScanner bool

func (s *truthScanner) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a truth is kept as a number, not %T", v)
	}
	*s = n != 0
	return nil
}
