package triggers

import (
	"iter"
	"time"
)

// Upcoming returns the times of t from a given time on, which is included, in
// order and without end unless t ends. They are the times at which a scheduler
// would run a job that is added with this trigger at from, in from's time zone:
// what t leaves open is filled in with these. Only a date that has passed is left
// out, which a scheduler would run at once.
func Upcoming(t Trigger, from time.Time) iter.Seq[time.Time] {
	t = Bind(t, Binding{Location: from.Location(), Now: from})
	return func(yield func(time.Time) bool) {
		for next, ok := notBefore(t, from); ok && yield(next); {
			next, ok = t.Next(next, next)
		}
	}
}

// Between returns the times of [Upcoming] up to a given time, which is
// included.
func Between(t Trigger, from, to time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for next := range Upcoming(t, from) {
			if next.After(to) || !yield(next) {
				return
			}
		}
	}
}

// Preview returns the first n times of [Upcoming], or all of them if t ends
// before. It stops at the n-th: what a rare trigger searches for behind that is
// not waited for.
func Preview(t Trigger, from time.Time, n int) (times []time.Time) {
	if n <= 0 {
		return nil
	}
	for next := range Upcoming(t, from) {
		if times = append(times, next); len(times) == n {
			break
		}
	}
	return times
}
