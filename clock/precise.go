package clock

import (
	"sync/atomic"
	"time"
)

// Precise returns the machine's clock with timers that are late by less than a
// tenth of a millisecond as a rule, where those of [Real] are half a millisecond
// late, and one at times. That is enough for nearly everybody: to wake up for
// each of many jobs that are due close to each other costs processor time.
//
// On systems other than Linux it is the same as Real.
func Precise() Clock { return preciseClock{} }

type preciseClock struct{ realClock }

func (preciseClock) Resolution() time.Duration { return 20 * time.Microsecond }

func (preciseClock) AfterFunc(d time.Duration, f func()) Timer { return newPreciseTimer(d, f) }

// longestNap is how long is waited in the kernel, at the most. Go's own timers,
// which wait for everything else, are less late than that.
const longestNap = 1500 * time.Microsecond

// preciseTimer waits for most of its time as every timer of Go's does, and for
// the last stretch in a nap.
type preciseTimer struct {
	f       func()
	at      time.Time
	coarse  *time.Timer
	settled atomic.Bool // it has been stopped, or has gone off
}

func newPreciseTimer(d time.Duration, f func()) Timer {
	now := time.Now()
	if !canNap || inBubble(now) {
		return time.AfterFunc(d, f)
	}
	t := &preciseTimer{f: f, at: now.Add(d)}
	t.coarse = time.AfterFunc(d-longestNap, t.goOff)
	return t
}

// inBubble reports whether now is the time of a bubble of testing/synctest, in
// which nothing but Go's own timers keeps the time. Such a time has no monotonic
// reading, which Round takes away from every other.
func inBubble(now time.Time) bool { return now == now.Round(0) }

func (t *preciseTimer) goOff() {
	nap(t.at)
	if t.settled.CompareAndSwap(false, true) {
		t.f()
	}
}

// Stop implements Timer.
func (t *preciseTimer) Stop() bool {
	t.coarse.Stop()
	return t.settled.CompareAndSwap(false, true)
}
