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
// with the logarithm of the span; one of regular times, some three times. A
// trigger that contradicts itself cannot make it search for ever, and does not
// lead it out of the span.
func Latest(t Trigger, from, now time.Time) (last time.Time, ok bool) {
	if from.After(now) {
		return time.Time{}, false
	}
	if direct, is := t.(Latester); is {
		last, ok = direct.Latest(from, now)
	} else {
		last, ok = searchLatest(t, from, now)
	}
	if !ok || last.Before(from) || last.After(now) {
		return from, true
	}
	return last, true
}

// maxProbes is more than it takes to halve the span from the year 1 to the
// year 9999 down to a nanosecond.
const maxProbes = 128

func searchLatest(t Trigger, from, now time.Time) (time.Time, bool) {
	next, ok := t.Next(from, from)
	if !ok || next.After(now) {
		return from, true
	}
	// Go back from now, twice as far each time, until there is a time between
	// the probe and now. In a regular schedule one step back is enough.
	last, none := next, now.Add(1) // a time, and one from which on there is none
	for back := next.Sub(from); back > 0; back *= 2 {
		probe := now.Add(-back)
		if !probe.After(last) {
			break
		}
		if found, ok := notBefore(t, probe); ok && !found.After(now) {
			last = found
			break
		}
		none = probe
	}
	// Bisect what is left.
	for range maxProbes {
		if next, ok = t.Next(last, last); !ok || next.After(now) {
			return last, true
		}
		last = next
		probe := last.Add(none.Sub(last) / 2)
		if found, ok := notBefore(t, probe); ok && !found.After(now) {
			last = found
		} else {
			none = probe
		}
	}
	return time.Time{}, false
}

// notBefore returns the first time of t that is not before x. It differs from
// t.Next(time.Time{}, x) in that a date before x is not asked for any more.
func notBefore(t Trigger, x time.Time) (time.Time, bool) {
	return t.Next(x.Add(-1), x)
}
