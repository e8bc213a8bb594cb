package clock

import (
	"runtime"
	"syscall"
	"time"
)

// sleepUntil waits for a moment that is close.
func sleepUntil(at time.Time) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for left := time.Until(at); left > 0; left = time.Until(at) {
		pause := syscall.NsecToTimespec(int64(left))
		_ = syscall.Nanosleep(&pause, nil) // an early end is found by looking again
	}
}
