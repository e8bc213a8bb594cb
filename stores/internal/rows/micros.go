package rows

import (
	"math"
	"time"
)

// Never is the zero time in microseconds: paused, not started, no bound.
// Databases may keep it as NULL.
const Never = math.MinInt64

// Micros returns t in microseconds since 1970 UTC, rounded up; Never for the
// zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return Never
	}
	us := t.UnixMicro()
	if t.Nanosecond()%1000 != 0 {
		us++
	}
	return us
}

// Time is the inverse of [Micros]. Its Location is UTC.
func Time(us int64) time.Time {
	if us == Never {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Earlier returns the earlier of two times, of which a zero one does not count.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
