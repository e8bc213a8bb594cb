package memory

import (
	"math"
	"time"
)

// slot is a record's place in the due index.
type slot struct {
	key  int64  // the time that the record had when it was pushed
	rank uint64 // the eight bytes of the ID that follow the common ones
	r    *record
}

// keyOf returns t in nanoseconds since 1970, or the nearest int64.
func keyOf(t time.Time) int64 { return nanoseconds(t.Unix(), int64(t.Nanosecond())) }

func (r *record) key() int64 { return nanoseconds(r.sec, int64(r.nano)) }

func nanoseconds(sec, nano int64) int64 {
	const limit = math.MaxInt64 / int64(time.Second)
	switch {
	case sec >= limit:
		return math.MaxInt64
	case sec < -limit:
		return math.MinInt64
	}
	return sec*int64(time.Second) + nano
}

func (s *slot) before(o *slot) bool {
	if s.key != o.key {
		return s.key < o.key
	}
	if s.rank != o.rank {
		return s.rank < o.rank
	}
	return s.r.id < o.r.id
}

func (s *slot) stale() bool { return s.r.place != queued || s.key != s.r.key() }
