package clock

import (
	"sync"
	"time"
)

const canNap = true

// nap waits for a moment that is close, in the kernel.
func nap(at time.Time) {
	left := time.Until(at)
	if left <= 0 {
		return
	}
	t, ok := nappers.Get().(*kernelTimer)
	if !ok {
		t = newKernelTimer()
	}
	for ; left > 0; left = time.Until(at) { // an early end is found by looking again
		if err := t.nap(left); err != nil {
			time.Sleep(left)
		}
	}
	nappers.Put(t)
}

// nappers are kernel timers at rest. The file of one that is garbage is closed.
var nappers sync.Pool

func (t *kernelTimer) nap(d time.Duration) error {
	if err := t.set(d); err != nil {
		return err
	}
	return t.wait()
}
