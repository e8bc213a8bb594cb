package triggers

import "time"

// soonest returns the earliest instant that may be the answer to Next(prev,
// now).
func soonest(prev, now time.Time) time.Time {
	if !prev.IsZero() && !prev.Before(now) {
		return prev.Add(1)
	}
	return now
}

// within returns t as the answer of a trigger with these options: in their
// zone, and not if it is after their end or that of the calendar.
func (o Options) within(t time.Time) (time.Time, bool) {
	t = t.Round(0).In(o.location()) // Round strips the monotonic reading
	if t.Year() > maxYear || !o.End.IsZero() && t.After(o.End) {
		return time.Time{}, false
	}
	return t, true
}

// location returns the zone that the trigger follows.
func (o Options) location() *time.Location {
	if o.Location == nil {
		return time.UTC
	}
	return o.Location
}

// bind fills in the zone.
func (o Options) bind(b Binding) Options {
	if o.Location == nil {
		o.Location = b.Location
	}
	return o
}
