package clock

import "time"

// Clock is the only source of time in Carillon. Its methods may be called
// concurrently.
type Clock interface {
	// Now returns the wall clock time. A real clock's answer also carries a
	// monotonic reading, as [time.Now] does.
	Now() time.Time

	// AfterFunc calls f in its own goroutine (or, in a simulation, as a step
	// of its own) once d has elapsed. Carillon never calls it with d <= 0.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a pending call of [Clock.AfterFunc]. [*time.Timer] is one.
type Timer interface {
	// Stop prevents the call and reports whether it did: false means that
	// the call has started or that the timer was stopped before.
	Stop() bool
}

// Monotonic is implemented by fake clocks that can be set: whose wall clock
// may jump while their timers go on. (The times of the machine's clock carry
// a monotonic reading of their own.)
type Monotonic interface {
	Clock

	// Elapsed returns how much time has passed since some fixed moment, no
	// matter how the wall clock was set.
	Elapsed() time.Duration
}

// Coarse is implemented by clocks whose timers are not exact, as those of a
// machine are. A scheduler need not look more often what is due.
type Coarse interface {
	Clock

	// Resolution returns by how much timers may be late without harm; always
	// the same.
	Resolution() time.Duration
}

// Resolution returns the Resolution of c if it is [Coarse]; otherwise 0.
func Resolution(c Clock) time.Duration {
	if coarse, ok := c.(Coarse); ok {
		return coarse.Resolution()
	}
	return 0
}

// Real returns the machine's clock. Its timers are up to a millisecond late,
// while there are processors for the program.
func Real() Clock { return realClock{} }

type realClock struct{}

// Resolution is less than a timer is late, so that it adds little to that.
func (realClock) Resolution() time.Duration { return 250 * time.Microsecond }

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) Timer {
	if now := time.Now(); d < soon && !inBubble(now) {
		lookOut(now.Add(d))
	}
	return time.AfterFunc(d, f)
}

// Source is the shape that clocks have in the wild: AfterFunc returns a timer
// type of the clock's own.
type Source[T Timer] interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) T
}

// From makes a Clock out of any clock of that shape, without importing its
// package:
//
//	clock.From(clockwork.NewFakeClock()) // github.com/jonboulle/clockwork
//	clock.From(bclock.NewMock())         // github.com/benbjohnson/clock
//
// Such clocks have no monotonic reading and may be set to any time; see
// package clocktest for how to move them under a running scheduler.
func From[T Timer](source Source[T]) Clock { return adapted[T]{source} }

type adapted[T Timer] struct{ source Source[T] }

func (a adapted[T]) Now() time.Time { return a.source.Now() }

func (a adapted[T]) AfterFunc(d time.Duration, f func()) Timer { return a.source.AfterFunc(d, f) }
