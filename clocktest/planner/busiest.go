package planner

import (
	"cmp"
	"slices"
	"time"
)

// Minute is a minute of the day in which many runs are due.
type Minute struct {
	// At is the first of the minutes, at this time of day, with most runs.
	At time.Time `json:"at"`

	// Due is how many runs are scheduled in it, Executing how many are executed
	// at a time in it at the most.
	Due       int `json:"due"`
	Executing int `json:"executing"`

	// Days is on how many days as many are scheduled at this time of day.
	Days int `json:"days"`
}

// busiestShown is how many minutes are reported at the most.
const busiestShown = 10

// busiest returns the minutes of the day in which most runs are due. The runs
// are in order.
func busiest(runs []*Run, executed curve) []Minute {
	byTimeOfDay := make(map[int]*Minute)
	for len(runs) > 0 {
		at := runs[0].Scheduled.Truncate(time.Minute)
		due := 1
		for due < len(runs) && runs[due].Scheduled.Before(at.Add(time.Minute)) {
			due++
		}
		runs = runs[due:]
		of := at.Hour()*60 + at.Minute()
		if byTimeOfDay[of] == nil {
			byTimeOfDay[of] = &Minute{}
		}
		byTimeOfDay[of].saw(at, due)
	}
	var minutes []Minute
	for _, m := range byTimeOfDay {
		if m.Due > 1 {
			minutes = append(minutes, *m)
		}
	}
	slices.SortFunc(minutes, func(a, b Minute) int {
		return cmp.Or(b.Due-a.Due, b.Days-a.Days, a.At.Compare(b.At))
	})
	minutes = minutes[:min(len(minutes), busiestShown)]
	for i := range minutes {
		m := &minutes[i]
		m.Executing, _ = executed.peak(span{m.At, m.At.Add(time.Minute)})
	}
	return minutes
}

func (m *Minute) saw(at time.Time, due int) {
	switch {
	case due > m.Due:
		*m = Minute{At: at, Due: due, Days: 1}
	case due == m.Due:
		m.Days++
	}
}
