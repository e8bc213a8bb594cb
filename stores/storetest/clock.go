package storetest

import (
	"sync"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// handClock is a clock that moves when it is told to.
type handClock struct {
	mu     sync.Mutex // guards everything below
	now    time.Time
	timers map[*handTimer]time.Time
}

type handTimer struct {
	c *handClock
	f func()
}

func newClock() *handClock {
	return &handClock{now: epoch, timers: map[*handTimer]time.Time{}}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) clock.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &handTimer{c, f}
	c.timers[t] = c.now.Add(d)
	return t
}

// pass lets d elapse.
func (c *handClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	for t, at := range c.timers {
		if !at.After(c.now) {
			delete(c.timers, t)
			go t.f()
		}
	}
}

func (t *handTimer) Stop() bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	_, pending := t.c.timers[t]
	delete(t.c.timers, t)
	return pending
}
