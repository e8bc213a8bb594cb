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
	mu      sync.Mutex
	pending map[*timerOf]struct{}
}

// timerOf is a pending timer. It is on the list until its function has
// returned, or it is stopped.
type timerOf struct {
	clock.Timer
	list *timers
	at   time.Time
	gone chan struct{} // closed when it is off the list
}

func (ts *timers) start(c clock.Clock, d time.Duration, f func()) clock.Timer {
	t := &timerOf{list: ts, at: c.Now().Add(d), gone: make(chan struct{})}
	ts.add(t)
	t.Timer = c.AfterFunc(d, func() {
		defer ts.remove(t)
		f()
	})
	return t
}

func (ts *timers) add(t *timerOf) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.pending == nil {
		ts.pending = make(map[*timerOf]struct{})
	}
	ts.pending[t] = struct{}{}
}

func (ts *timers) remove(t *timerOf) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if _, pending := ts.pending[t]; pending {
		delete(ts.pending, t)
		close(t.gone)
	}
}

// next returns when the next timer is due.
func (ts *timers) next() (at time.Time, ok bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.pending {
		if !ok || t.at.Before(at) {
			at, ok = t.at, true
		}
	}
	return at, ok
}

// overdue returns a channel that is closed when one of the timers that are due
// has been dealt with; nil if there is none.
func (ts *timers) overdue(now time.Time) <-chan struct{} {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.pending {
		if !t.at.After(now) {
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
