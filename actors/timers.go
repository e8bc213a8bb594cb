package actors

import (
	"sync"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// timers keeps track of the pending timers of one scheduler: there are few at
// any time. Whoever moves a fake clock has to know when the next one is due,
// and when those that are due have begun.
type timers struct {
	clock clock.Clock

	mu      sync.Mutex
	pending map[*timerOf]struct{}
}

// timerOf is a pending timer. It is on the list until its function has
// returned, or it is stopped.
type timerOf struct {
	clock.Timer
	list *timers
	due  time.Time     // as reading.steadily tells it
	gone chan struct{} // closed when it is off the list
}

// start has f called once d has elapsed, and then (unless it is nil) afterwards,
// when the timer is off the list. The timer is put there before its function can
// have returned, and with the time at which it was started at the latest: the clock
// may be moved at the same moment.
func (ts *timers) start(d time.Duration, f, then func()) *timerOf {
	t := &timerOf{list: ts, gone: make(chan struct{})}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t.Timer = ts.clock.AfterFunc(d, func() {
		t.goOff(f)
		if then != nil {
			then()
		}
	})
	t.due = read(ts.clock).steadily().Add(d)
	if ts.pending == nil {
		ts.pending = make(map[*timerOf]struct{})
	}
	ts.pending[t] = struct{}{}
	return t
}

func (t *timerOf) goOff(f func()) {
	defer t.list.remove(t)
	f()
}

func (ts *timers) remove(t *timerOf) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if _, pending := ts.pending[t]; pending {
		delete(ts.pending, t)
		close(t.gone)
	}
}

// next returns when the next timer is due, if the wall clock is not set.
func (ts *timers) next() (at time.Time, ok bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.pending {
		if !ok || t.due.Before(at) {
			at, ok = t.due, true
		}
	}
	if !ok {
		return time.Time{}, false
	}
	now := read(ts.clock)
	return now.at.Add(at.Sub(now.steadily())), true
}

// overdue returns a channel that is closed when one of the timers that are due
// has been dealt with; nil if there is none.
func (ts *timers) overdue() <-chan struct{} {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	now := read(ts.clock).steadily()
	for t := range ts.pending {
		if !t.due.After(now) {
			return t.gone
		}
	}
	return nil
}

// Stop implements clock.Timer.
func (t *timerOf) Stop() bool {
	stopped := t.Timer.Stop()
	if stopped {
		t.list.remove(t)
	}
	return stopped
}
