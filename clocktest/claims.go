package clocktest

import (
	"fmt"
	"runtime/debug"
)

// failed is what Fatalf panics with.
type failed struct{}

// Failf has the simulation fail. The first failure counts; time does not pass
// any more after it.
func (s *Sim) Failf(format string, args ...any) {
	if s.failure == "" {
		s.failure = fmt.Sprintf("%v (step %d): %s", s.Now().Format("2006-01-02T15:04:05.999Z"), s.Steps(), fmt.Sprintf(format, args...))
	}
}

// Err returns how the simulation has failed; nil: it has not.
func (s *Sim) Err() error {
	if s.failure == "" {
		return nil
	}
	return fmt.Errorf("simulation: %s", s.failure)
}

// Fatalf is Failf, and ends the body. It is for the body itself, not for jobs
// and listeners.
func (s *Sim) Fatalf(format string, args ...any) {
	s.Failf(format, args...)
	panic(failed{})
}

// Always states what has to hold here in every simulation.
func (s *Sim) Always(holds bool, format string, args ...any) {
	if !holds {
		s.Failf(format, args...)
	}
}

// Sometimes states what has to be seen here in at least one of the simulations
// of a [Run]: that what is to be tested does happen.
func (s *Sim) Sometimes(seen bool, name string) { s.sometimes[name] = s.sometimes[name] || seen }

// recoverFailure, deferred, turns a panic of a body into a failure.
func (s *Sim) recoverFailure() {
	switch r := recover().(type) {
	case nil, failed:
	default:
		s.Failf("panic: %v\n%s", r, debug.Stack())
	}
}
