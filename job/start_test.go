package job

import (
	"testing"
	"time"
)

// TestStart notes starts of all ages, and none.
func TestStart(t *testing.T) {
	for _, at := range []time.Time{
		{},
		time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
		time.Unix(0, 0),
		time.Date(2025, 5, 1, 9, 0, 0, 1000, time.UTC),
		time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		var s Start
		if got := s.Time(); !got.IsZero() {
			t.Errorf("before it has begun: %v", got)
		}
		s.Set(at)
		if got := s.Time(); !got.Equal(at) {
			t.Errorf("begun at %v, want %v", got, at)
		}
	}
	var none *Start
	none.Set(time.Now())
	if got := none.Time(); !got.IsZero() {
		t.Errorf("nobody wants to know, and yet %v", got)
	}
}
