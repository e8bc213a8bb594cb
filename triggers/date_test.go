package triggers

import (
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	noon := at("2024-05-01T12:00:00Z")
	tests := []struct {
		name      string
		d         Date
		prev, now time.Time
		ok        bool
	}{
		{"to come", At(noon), time.Time{}, noon.Add(-time.Hour), true},
		{"now", At(noon), time.Time{}, noon, true},
		{"late", At(noon), time.Time{}, noon.Add(time.Hour), true},
		{"fired", At(noon), noon, noon, false},
		{"after another time", At(noon), noon.Add(-1), noon, true},
		{"late, after another time", At(noon), noon.Add(-1), noon.Add(time.Hour), true},
		{"before another time", At(noon), noon.Add(1), noon, false},
		{"zero", Date{}, time.Time{}, noon, false},
		{"before the calendar", At(time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)), time.Time{}, noon, false},
		{"after the calendar", At(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), time.Time{}, noon, false},
	}
	for _, tt := range tests {
		if next, ok := tt.d.Next(tt.prev, tt.now); ok != tt.ok || ok && !next.Equal(noon) {
			t.Errorf("%s: got %v %v", tt.name, next, ok)
		}
	}
}

func TestDateString(t *testing.T) {
	for text, d := range map[string]Date{
		"date(2024-05-01 10:00:00 CEST)":   At(time.Date(2024, 5, 1, 10, 0, 0, 0, berlin)),
		"date(2024-05-01 10:00:00.25 UTC)": At(at("2024-05-01T10:00:00.25Z")),
	} {
		if d.String() != text {
			t.Errorf("got %s, want %s", d, text)
		}
	}
}
