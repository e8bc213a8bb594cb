package planner

import (
	"slices"
	"time"
)

// Effect is what a change of the clock does to times of day at which a job
// runs.
type Effect struct {
	Job    string `json:"job"`   // ID
	Store  string `json:"store"` // alias
	Change Change `json:"change"`

	// Count is how many times of day there are, First and Last the first and
	// the last of them on the wall clock, for instance "2024-03-31 02:30:00".
	Count int    `json:"count"`
	First string `json:"first"`
	Last  string `json:"last"`
}

// Change is what a change of the clock does to a time of day.
type Change string

const (
	// Shifted: it does not exist. The job runs later by the length of the gap.
	Shifted Change = "shifted"

	// Dropped: it does not exist, and the job does not run for it.
	Dropped Change = "dropped"

	// Doubled: it is there twice, and the job runs both times.
	Doubled Change = "doubled"
)

func (e *Effect) key() key { return key{e.Store, e.Job} }

// look finds out what the change does to a job, and marks the runs that it
// touches.
func (c *ClockChange) look(w *wallClock, runs []*Run) {
	switch {
	case !slices.Contains(w.zones, c.Zone):
	case c.By > 0:
		c.lookAtGap(w, runs)
	default:
		c.lookAtFold(w, runs)
	}
}

// lookAtGap takes the times that the clock would have shown. A run at such a
// time is shifted, unless it is there on account of the later time that the
// clock shows.
func (c *ClockChange) lookAtGap(w *wallClock, runs []*Run) {
	gap := span{c.At, c.At.Add(c.By)}
	before, after := c.offsets()
	runsAt, due := timesOf(w.trigger, gap), w.unchanged(c.Zone, after, gap)
	for _, t := range w.unchanged(c.Zone, before, gap) {
		change := Dropped
		if contains(runsAt, t) && !contains(due, t) {
			change = Shifted
			mark(runs, t, Shifted)
		}
		c.add(w, change, t, t.In(fixedZone(before)))
	}
}

// lookAtFold takes the times of the hour, or whatever it is, that is repeated.
func (c *ClockChange) lookAtFold(w *wallClock, runs []*Run) {
	first, again := span{c.At.Add(c.By), c.At}, span{c.At, c.At.Add(-c.By)}
	before, _ := c.offsets()
	runsAgain := timesOf(w.trigger, again)
	for _, t := range w.unchanged(c.Zone, before, first) {
		if second := t.Add(-c.By); contains(runsAgain, second) {
			mark(runs, second, Doubled)
			c.add(w, Doubled, t, t.In(c.At.Location()))
		}
	}
}

// add notes the effect on a time, which the wall clock shows or would show.
func (c *ClockChange) add(w *wallClock, change Change, t, wall time.Time) {
	if t.Before(w.from) {
		return
	}
	text := wall.Format("2006-01-02 15:04:05")
	for i := len(c.Effects) - 1; i >= 0 && c.Effects[i].key() == keyOf(w.job); i-- {
		if e := &c.Effects[i]; e.Change == change {
			e.Count++
			e.Last = text
			return
		}
	}
	c.Effects = append(c.Effects, Effect{
		Job: w.job.ID, Store: w.job.Store, Change: change,
		Count: 1, First: text, Last: text,
	})
}

func contains(times []time.Time, t time.Time) bool {
	_, found := slices.BinarySearchFunc(times, t, time.Time.Compare)
	return found
}

// mark notes at the run that is due at t what a clock change has done to it.
func mark(runs []*Run, t time.Time, change Change) {
	i, found := slices.BinarySearchFunc(runs, t, func(r *Run, t time.Time) int { return r.Scheduled.Compare(t) })
	if found {
		runs[i].Change = change
	}
}
