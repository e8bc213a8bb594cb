package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// afterFunc is the runtime's own timers and nothing else. Its jobs run from
// when they are added on.
type afterFunc struct {
	mu     sync.Mutex
	timers []*time.Timer
}

func openAfterFunc() scheduler { return new(afterFunc) }

func (a *afterFunc) start() {}

func (a *afterFunc) add(t task) {
	timer := schedule(t)
	a.mu.Lock()
	a.timers = append(a.timers, timer)
	a.mu.Unlock()
}

func (a *afterFunc) pair(t task) { schedule(t).Stop() }

func (a *afterFunc) list() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(append([]*time.Timer(nil), a.timers...))
}

func schedule(t task) *time.Timer {
	if t.interval == 0 {
		return time.AfterFunc(time.Until(t.first), t.work.plain)
	}
	grid := every{t.first, t.interval}
	next := grid.Next(time.Now().Add(10 * time.Millisecond))
	var timer atomic.Pointer[time.Timer] // is set when the first run asks for it, an interval ahead
	timer.Store(time.AfterFunc(time.Until(next), func() {
		next = next.Add(t.interval)
		timer.Load().Reset(time.Until(next))
		t.work.plain()
	}))
	return timer.Load()
}
