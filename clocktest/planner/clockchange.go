package planner

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// ClockChange is a change of a time zone's clock.
type ClockChange struct {
	Zone string        `json:"zone"`
	At   time.Time     `json:"at"` // the first instant of the new time, in the zone
	By   time.Duration `json:"by"` // positive: the clock is put forward

	// Effects are what it does to the jobs, in the order of the table. A job
	// that follows elapsed time, as intervals do, is not affected; one whose
	// trigger has no JSON form is not looked at.
	Effects []Effect `json:"effects,omitempty"`
}

// clockChanges finds the changes of the clocks of all zones, and marks the runs
// that they touch.
func (p *planning) clockChanges(runs map[key][]*Run) []ClockChange {
	clocks := p.wallClocks()
	var changes []ClockChange
	for _, zone := range zonesOf(clocks) {
		for at := range changesOf(zone, p.whole()) {
			c := changeAt(at)
			for _, w := range clocks {
				c.look(w, runs[keyOf(w.job)])
			}
			changes = append(changes, c)
		}
	}
	slices.SortStableFunc(changes, func(a, b ClockChange) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Zone, b.Zone))
	})
	return changes
}

// wallClocks returns those of the jobs that run.
func (p *planning) wallClocks() (clocks []*wallClock) {
	for i := range p.begin {
		if state, _ := p.stateOf(i); state == Active || state == Ended {
			clocks = append(clocks, p.wallClock(&p.begin[i]))
		}
	}
	return clocks
}

func zonesOf(clocks []*wallClock) (zones []*time.Location) {
	seen := make(map[string]bool)
	for _, w := range clocks {
		for _, name := range w.zones {
			if seen[name] {
				continue
			}
			seen[name] = true
			if zone, err := time.LoadLocation(name); err == nil { // or it is a fixed offset
				zones = append(zones, zone)
			}
		}
	}
	return zones
}

// changesOf returns when the clock of a zone is changed within s, its start not
// included.
func changesOf(zone *time.Location, s span) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for at := s.start.In(zone); ; {
			_, next := at.ZoneBounds()
			if next.IsZero() || !next.Before(s.end) {
				return
			}
			if changeAt(next).By != 0 && !yield(next) {
				return
			}
			at = next
		}
	}
}

// changeAt returns the change that comes at t, in whose zone it is.
func changeAt(t time.Time) ClockChange {
	return ClockChange{Zone: t.Location().String(), At: t, By: offsetAt(t) - offsetAt(t.Add(-1))}
}

// offsets returns what the zone is ahead of UTC before the change and after it.
func (c *ClockChange) offsets() (before, after time.Duration) {
	after = offsetAt(c.At)
	return after - c.By, after
}

func offsetAt(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}
