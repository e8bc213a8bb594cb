package clocktest

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// Clock is a fake clock that stands still until it is moved. It is a
// [clock.Clock]; give it to a scheduler as carillon.Config.Clock and move it
// with [Advance]. Its methods may be called concurrently.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	pending []*timer // in the order of their times, then of their making
}

type timer struct {
	clock *Clock
	at    time.Time
	f     func()
}

// NewClock returns a clock that shows start.
func NewClock(start time.Time) *Clock {
	return &Clock{now: start.Round(0)}
}

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc has f called, in a goroutine of its own, once the clock has been
// moved forward by d.
func (c *Clock) AfterFunc(d time.Duration, f func()) clock.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{c, c.now.Add(d), f}
	i, _ := slices.BinarySearchFunc(c.pending, t, func(p, t *timer) int {
		return cmp.Or(p.at.Compare(t.at), -1) // behind those of the same time
	})
	c.pending = slices.Insert(c.pending, i, t)
	return t
}

// Advance moves the clock forward by d. The calls that come due are begun in
// their order, each with the clock at its time; they are not waited for.
func (c *Clock) Advance(d time.Duration) {
	end := c.Now().Add(d)
	for c.step(end) {
	}
}

// step begins the next call that is due by end; if there is none it moves the
// clock to end.
func (c *Clock) step(end time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) == 0 || c.pending[0].at.After(end) {
		c.now = end
		return false
	}
	t := c.pending[0]
	c.pending = slices.Delete(c.pending, 0, 1)
	if t.at.After(c.now) {
		c.now = t.at
	}
	go t.f()
	return true
}

// Set makes the clock show t without letting the time in between pass, as when
// somebody sets a machine's clock. Calls that were due in between begin late,
// with the clock at t; when it is set back, pending calls wait for their times. A
// machine's timers would go on by what elapses, as with [Sim.JumpWall].
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	c.now = t.Round(0)
	c.mu.Unlock()
	c.Advance(0)
}

// Stop implements [clock.Timer].
func (t *timer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	i := slices.Index(t.clock.pending, t)
	if i < 0 {
		return false
	}
	t.clock.pending = slices.Delete(t.clock.pending, i, i+1)
	return true
}
