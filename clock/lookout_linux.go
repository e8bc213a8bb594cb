package clock

import (
	"sync"
	"time"
)

// soon is how long a timer runs, at the most, for which the lookout goes out.
const soon = 5 * time.Millisecond

// overdue is when a timer of Go's is later than it should ever be.
const overdue = 1500 * time.Microsecond

// lookout sees to it that Go's timers go off during a garbage collection. While
// that has idle processors mark, nobody looks at timers, for ten milliseconds at
// a time; but everybody looks at the network poller. So a goroutine that waits
// there for a moment at which a timer is overdue, and does nothing at all then,
// has the timer looked at. That is where most of the lateness of the latest one
// in a hundred runs came from.
//
// It costs one system call a timer, for in general it is sent to the next one
// before it has anything to do. It goes home when there is no next one.
var lookout struct {
	once  sync.Once
	timer *kernelTimer

	mu    sync.Mutex
	until time.Time
	out   bool
}

// lookOut has the kernel look out for a timer that is to go off at a moment that
// is close: for the last one of which it was told.
func lookOut(at time.Time) {
	l := &lookout
	l.once.Do(func() { l.timer = newKernelTimer() })
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = at.Add(overdue)
	if err := l.timer.set(time.Until(l.until)); err != nil {
		return
	}
	if !l.out {
		l.out = true
		time.AfterFunc(0, stayOut)
	}
}

func stayOut() {
	l := &lookout
	for {
		err := l.timer.wait()
		l.mu.Lock()
		if err != nil || time.Until(l.until) <= 0 {
			l.out = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
	}
}
