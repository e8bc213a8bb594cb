package actors

import (
	"time"

	"github.com/carillon-go/carillon/clock"
)

// reading is what a clock shows: the time on the wall, and, if the clock can
// tell, what has really elapsed.
type reading struct {
	at      time.Time // the machine's clock adds a monotonic part
	elapsed time.Duration
	told    bool // the clock is a clock.Monotonic and has told elapsed
}

func read(c clock.Clock) reading {
	if m, ok := c.(clock.Monotonic); ok {
		return reading{c.Now(), m.Elapsed(), true}
	}
	return reading{at: c.Now()}
}

// steady reports whether the clock can tell what has elapsed.
func (r reading) steady() bool { return r.told || r.at != r.at.Round(0) }

// steadily returns the reading as a point of time that no setting of the wall
// clock moves, if the clock can tell: it compares with other such points only.
func (r reading) steadily() time.Time {
	if r.told {
		return time.Time{}.Add(r.elapsed)
	}
	return r.at
}

// jump returns by how much the wall clock has jumped since an earlier reading,
// after which it was to be read again when sleep had elapsed; 0 if by less than
// a second. A clock that cannot tell what has elapsed has jumped if it went
// backward, or beyond the time at which it was to be read again.
func (r reading) jump(earlier reading, sleep time.Duration) (by time.Duration) {
	wall := r.at.Round(0).Sub(earlier.at.Round(0))
	switch {
	case r.told:
		by = wall - (r.elapsed - earlier.elapsed)
	case r.steady():
		by = wall - r.at.Sub(earlier.at)
	case wall < 0:
		by = wall
	case wall > sleep:
		by = wall - sleep
	}
	if by.Abs() < smallestJump {
		return 0
	}
	return by
}
