package planner

import "time"

// span is a time from its start up to its end, which does not belong to it.
type span struct{ start, end time.Time }

func (s span) length() time.Duration { return s.end.Sub(s.start) }

// divide cuts s into pieces of d; the last may be shorter.
func (s span) divide(d time.Duration) []span {
	var pieces []span
	for at := s.start; at.Before(s.end); at = at.Add(d) {
		piece := span{at, at.Add(d)}
		if piece.end.After(s.end) {
			piece.end = s.end
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

// fraction returns where t is: 0 is the start of s and 1 its end.
func (s span) fraction(t time.Time) float64 {
	return float64(t.Sub(s.start)) / float64(s.length())
}

// overlap returns how much s and o have in common.
func (s span) overlap(o span) time.Duration {
	if o.start.Before(s.start) {
		o.start = s.start
	}
	if o.end.After(s.end) {
		o.end = s.end
	}
	return max(o.length(), 0)
}

// stepFor returns the shortest of the usual durations that divides a time into
// no more than n parts.
func stepFor(d time.Duration, n int) time.Duration {
	for _, step := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	} {
		if d <= time.Duration(n)*step {
			return step
		}
	}
	days := day * time.Duration(n)
	return (d + days - 1) / days * day
}
