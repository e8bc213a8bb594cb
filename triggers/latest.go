package triggers

import "time"

// Latester is implemented by triggers that find the last of their times
// without a search; see [Latest].
type Latester interface {
	Trigger

	// Latest returns the last time that is not before from and not after now.
	Latest(from, now time.Time) (last time.Time, ok bool)
}

// Latest returns the last time of t that is not before from and not after now,
// where from is itself a time of t, or counts as one. It is what coalescing
// runs after an outage: from is the run time that came due first. ok is false
// if from is after now.
//
// The cost does not depend on how many times there are in between: a
// [Latester] is asked once, any other trigger a number of times that grows
// with the logarithm of the span. A trigger that contradicts itself cannot
// make it search for ever; from is then the answer.
func Latest(t Trigger, from, now time.Time) (last time.Time, ok bool) {
	if from.After(now) {
		return time.Time{}, false
	}
	if l, direct := t.(Latester); direct {
		if last, ok = l.Latest(from, now); !ok || last.Before(from) {
			return from, true
		}
		return last, true
	}
	next, ok := t.Next(from, from)
	if !ok || next.After(now) {
		return from, true
	}
	return search{t, from, next, now}.last(), true
}

// search looks for the last time of t up to now, of which first and second
// are the first two.
type search struct {
	t                  Trigger
	first, second, now time.Time
}

// maxProbes is more than it takes to halve the span from the year 1 to the
// year 9999 down to a nanosecond.
const maxProbes = 128

// last gallops back from now until there is a time between the probe and now,
// by the distance of the first two times to begin with: in a regular schedule
// the first probe hits. From there on it bisects.
func (s search) last() time.Time {
	last, none := s.second, s.now.Add(1) // a time; no time from here to now
	for step := max(s.second.Sub(s.first), 1); step < 1<<62; step *= 2 {
		probe := s.now.Add(-step)
		if !probe.After(last) {
			break
		}
		found, ok := notBefore(s.t, probe)
		if ok && !found.After(s.now) {
			last = found
			break
		}
		none = probe
	}
	for range maxProbes {
		next, ok := s.t.Next(last, last)
		if !ok || next.After(s.now) {
			return last
		}
		if !next.After(last) || !next.Before(none) {
			return s.first // it contradicts itself
		}
		last = next
		probe := last.Add(none.Sub(last) / 2)
		if found, ok := notBefore(s.t, probe); !ok || found.After(s.now) {
			none = probe
		} else if !found.Before(probe) {
			last = found
		} else {
			return s.first
		}
	}
	return s.first
}

// notBefore returns the first time of t that is not before x. It differs from
// t.Next(time.Time{}, x) in that a date before x is not asked for any more.
func notBefore(t Trigger, x time.Time) (time.Time, bool) {
	return t.Next(x.Add(-1), x)
}
