package job

import (
	"sync/atomic"
	"time"
)

// Start is when a run began, for those who watch it while it goes on. The zero
// Start says that it has not begun, and so does a nil one. It may be used
// concurrently.
type Start struct {
	at atomic.Int64 // microseconds since 1970, with the sign turned, so that 0 is no time
}

const turned = -1 << 63

// Set notes that the run has begun.
func (s *Start) Set(at time.Time) {
	if s != nil {
		s.at.Store(at.UnixMicro() ^ turned)
	}
}

// Time returns when the run began, to the microsecond; the zero time if it has
// not.
func (s *Start) Time() time.Time {
	if s == nil {
		return time.Time{}
	}
	at := s.at.Load()
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at ^ turned)
}

// ActiveRun is a run that a scheduler has given to an executor and that has not
// ended.
type ActiveRun struct {
	Run Run

	// Submitted is when it was given to its executor.
	Submitted time.Time

	// Started is when its job was called, to the microsecond. Zero: it waits for
	// its turn.
	Started time.Time
}
