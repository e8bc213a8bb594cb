package planner

import (
	"cmp"
	"slices"
	"time"
)

// curve is how many of some spans of time there are at each moment: a step for
// each moment at which that changes, in order.
type curve []step

// step is the number from at on.
type step struct {
	at time.Time
	n  int
}

// curveOf returns the curve of spans; those without a length are in none.
func curveOf(spans []span) curve {
	type change struct {
		at time.Time
		by int
	}
	changes := make([]change, 0, 2*len(spans))
	for _, s := range spans {
		if s.end.After(s.start) {
			changes = append(changes, change{s.start, 1}, change{s.end, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), a.by-b.by) })
	var c curve
	n := 0
	for i, change := range changes {
		n += change.by
		if last := i+1 == len(changes) || !changes[i+1].at.Equal(change.at); last {
			c = append(c, step{change.at, n})
		}
	}
	return c
}

// within calls f with each piece of s in which the number is the same.
func (c curve) within(s span, f func(piece span, n int)) {
	i, found := slices.BinarySearchFunc(c, s.start, func(p step, t time.Time) int { return p.at.Compare(t) })
	n := 0
	if !found && i > 0 {
		n = c[i-1].n
	}
	for at := s.start; at.Before(s.end); {
		if i < len(c) && !c[i].at.After(at) {
			n = c[i].n
			i++
		}
		end := s.end
		if i < len(c) && c[i].at.Before(end) {
			end = c[i].at
		}
		f(span{at, end}, n)
		at = end
	}
}

// peak returns the greatest number within s, and the first moment of it.
func (c curve) peak(s span) (n int, at time.Time) {
	c.within(s, func(piece span, m int) {
		if m > n {
			n, at = m, piece.start
		}
	})
	return n, at
}

// mean returns the mean number within s.
func (c curve) mean(s span) float64 {
	var sum float64
	c.within(s, func(piece span, n int) { sum += float64(n) * float64(piece.length()) })
	return sum / float64(s.length())
}

// atLeast returns how long within s the number is at least n.
func (c curve) atLeast(n int, s span) (sum time.Duration) {
	c.within(s, func(piece span, m int) {
		if m >= n {
			sum += piece.length()
		}
	})
	return sum
}
