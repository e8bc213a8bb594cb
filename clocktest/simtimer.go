package clocktest

import "time"

// simTimer is a pending timer of a simulation.
type simTimer struct {
	node    *node
	at      time.Duration
	order   uint64
	longest time.Duration // of an alarm: how long it may go without a look
	f       func()
	sleeper *coroutine // it wakes this instead of calling f
	stopped bool
	fired   bool
}

// Stop implements clock.Timer. A timer that is due can still be stopped as
// long as its step has not been made.
func (t *simTimer) Stop() bool {
	pending := !t.stopped && !t.fired
	t.stopped = true
	return pending
}

// dead reports whether it will not fire any more.
func (t *simTimer) dead() bool { return t.stopped || t.node.crashed }

func (t *simTimer) fire() (more bool) {
	if !t.stopped {
		t.fired = true
		t.f()
	}
	return false
}

// timerHeap implements heap.Interface: the timer that is due first comes
// first, and of several the one that was armed first.
type timerHeap []*simTimer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].order < h[j].order
}

func (h timerHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *timerHeap) Push(t any) { *h = append(*h, t.(*simTimer)) }

func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return t
}
