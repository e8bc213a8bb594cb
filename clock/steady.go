package clock

import "time"

// Steady returns a clock that is not set: it shows what c shows now and, from then
// on, what has elapsed since, whatever c is set to meanwhile. Its timers are
// those of c.
//
// It is for jobs at intervals on a machine whose clock may be wrong and is
// corrected later: on c itself they wait, when it is set back, until it shows
// their next run time again. Give it to a scheduler of their own, with jobs in
// memory: what it shows may differ from the time of day, which crontabs and
// dates need, and from what other schedulers of a store see. On Linux, no time
// elapses while the machine is suspended.
//
// A fake clock that is set has to be [Monotonic] to tell what has elapsed; of
// another one, Steady shows what that shows.
func Steady(c Clock) Clock {
	s := &steadyClock{Clock: c, start: c.Now()}
	if m, ok := c.(Monotonic); ok {
		s.elapsed, s.before = m, m.Elapsed()
	}
	return s
}

type steadyClock struct {
	Clock
	start   time.Time
	elapsed Monotonic // nil: what c shows has a monotonic reading, or is all there is
	before  time.Duration
}

func (s *steadyClock) Now() time.Time {
	if s.elapsed != nil {
		return s.start.Add(s.elapsed.Elapsed() - s.before)
	}
	return s.start.Add(s.Clock.Now().Sub(s.start))
}

// Resolution implements Coarse.
func (s *steadyClock) Resolution() time.Duration { return Resolution(s.Clock) }
