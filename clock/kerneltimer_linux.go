package clock

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// kernelTimer is a timer of the kernel's. To Go that is a file which becomes
// readable: the network poller wakes up for it at once, while it waits for Go's
// own timers in whole milliseconds.
type kernelTimer struct {
	err   error // why there is none
	fd    uintptr
	file  *os.File
	spec  struct{ interval, value syscall.Timespec }
	count [8]byte // how often it has expired, of no interest
}

func newKernelTimer() *kernelTimer {
	const monotonic = 1
	fd, _, errno := syscall.Syscall(syscall.SYS_TIMERFD_CREATE, monotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errno != 0 {
		return &kernelTimer{err: errno}
	}
	return &kernelTimer{fd: fd, file: os.NewFile(fd, "timerfd")}
}

// set has the timer expire once d has elapsed, and not before.
func (t *kernelTimer) set(d time.Duration) error {
	if t.err != nil {
		return t.err
	}
	t.spec.value = syscall.NsecToTimespec(int64(d))
	_, _, errno := syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, t.fd, 0, uintptr(unsafe.Pointer(&t.spec)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// wait waits until the timer expires.
func (t *kernelTimer) wait() error {
	_, err := t.file.Read(t.count[:])
	return err
}
