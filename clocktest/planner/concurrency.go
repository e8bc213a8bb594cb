package planner

import (
	"time"

	"github.com/carillon-go/carillon"
)

// Concurrency is how many runs are executed at a time, and how many wait for
// that.
type Concurrency struct {
	// Peak is how many runs are executed at a time at the most, for the first
	// time at PeakAt, which is zero if no run takes time.
	Peak   int       `json:"peak"`
	PeakAt time.Time `json:"peak_at,omitzero"`

	// Busy is how long at least one run is executed.
	Busy time.Duration `json:"busy"`

	// Waited is how many runs are not started at once, and LongestWait how long
	// one waits at the most, from its scheduled time or the plan's beginning.
	Waited      int           `json:"waited"`
	LongestWait time.Duration `json:"longest_wait"`

	// Load is all of this over time, in steps of LoadStep. The last step ends
	// with the plan and may be shorter.
	Load     []Load        `json:"load"`
	LoadStep time.Duration `json:"load_step"`
}

// Load is how many runs there are in one step of time.
type Load struct {
	At      time.Time `json:"at"`      // the step's beginning
	Peak    int       `json:"peak"`    // the most that are executed at a time
	Mean    float64   `json:"mean"`    // how many are executed on average
	Waiting int       `json:"waiting"` // the most that wait at a time
}

// concurrency measures runs within a span of time. It also returns the curve
// of those that are executed.
func concurrency(whole span, runs []*Run) (Concurrency, curve) {
	var c Concurrency
	var executing, waiting []span
	for _, run := range runs {
		if run.Outcome != carillon.Executed {
			continue
		}
		executing = append(executing, span{run.Started, run.Finished})
		wait := span{run.Scheduled, run.Started}
		if wait.start.Before(whole.start) {
			wait.start = whole.start
		}
		if wait.length() > 0 {
			waiting = append(waiting, wait)
			c.Waited++
			c.LongestWait = max(c.LongestWait, wait.length())
		}
	}
	executed, waited := curveOf(executing), curveOf(waiting)
	c.Peak, c.PeakAt = executed.peak(whole)
	c.Busy = executed.atLeast(1, whole)
	c.LoadStep = stepFor(whole.length(), loadSteps)
	for _, s := range whole.divide(c.LoadStep) {
		load := Load{At: s.start, Mean: executed.mean(s)}
		load.Peak, _ = executed.peak(s)
		load.Waiting, _ = waited.peak(s)
		c.Load = append(c.Load, load)
	}
	return c, executed
}

// loadSteps is how many steps of load there are at the most.
const loadSteps = 360
