package carillon_test

import (
	"sync"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
)

// oracleClock is a fake clock, of which jobs that take time are ahead. In the
// reference such a job holds up everything else; so here the scheduler's time
// stands still meanwhile, and when everything has ended that was submitted it
// is set to that of the jobs.
type oracleClock struct {
	*clocktest.Clock // the scheduler's

	mu    sync.Mutex
	ahead time.Duration
}

// Advance is called when the scheduler has settled.
func (c *oracleClock) Advance(d time.Duration) {
	if !c.catchUp() {
		c.Clock.Advance(d)
	}
}

// catchUp sets the scheduler's time to that of the jobs, and reports whether
// it was another one.
func (c *oracleClock) catchUp() bool {
	c.mu.Lock()
	ahead := c.ahead
	c.ahead = 0
	c.mu.Unlock()
	if ahead > 0 {
		c.Set(c.Now().Add(ahead))
	}
	return ahead > 0
}

// ofJobs is the clock that executors have.
func (c *oracleClock) ofJobs() clock.Clock { return jobClock{c} }

type jobClock struct{ *oracleClock }

func (j jobClock) Now() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.oracleClock.Now().Add(j.ahead)
}

// takeTime lets time pass in a job.
func (c *oracleClock) takeTime(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
