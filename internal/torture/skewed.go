package torture

import (
	"time"

	"github.com/carillon-go/carillon/clock"
)

// skewed is a clock that is wrong.
type skewed struct {
	clock.Clock
	by time.Duration
}

// Now keeps the monotonic reading.
func (s skewed) Now() time.Time { return s.Clock.Now().Add(s.by) }
