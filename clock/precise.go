package clock

import (
	"sync/atomic"
	"time"
)

// Precise returns the machine's clock with timers that are late by one or two
// tenths of a millisecond as a rule. Those of [Real] are half a millisecond late as a rule,
// and one at times, since Go's network poller waits in whole milliseconds; that
// is enough for nearly everybody. The last stretch of a precise timer is waited
// for in the kernel, on a thread of its own, which costs some processor time
// for each timer: a scheduler has one for each instant at which jobs are due.
//
// On systems other than Linux it is the same as Real.
func Precise() Clock { return preciseClock{} }

type preciseClock struct{ realClock }

// stretch is what is waited for in the kernel: longer than a Go timer is late.
const stretch = 1500 * time.Microsecond

func (preciseClock) Resolution() time.Duration { return 20 * time.Microsecond }

func (preciseClock) AfterFunc(d time.Duration, f func()) Timer {
	at := time.Now().Add(d)
	t := new(preciseTimer)
	t.coarse = time.AfterFunc(d-stretch, func() {
		sleepUntil(at)
		if t.settled.CompareAndSwap(false, true) {
			f()
		}
	})
	return t
}

type preciseTimer struct {
	coarse  *time.Timer
	settled atomic.Bool // it has been stopped, or has gone off
}

// Stop implements Timer.
func (t *preciseTimer) Stop() bool {
	t.coarse.Stop()
	return t.settled.CompareAndSwap(false, true)
}
