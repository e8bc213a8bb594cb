package metrics

import (
	"cmp"

	"github.com/carillon-go/carillon"
)

// Config says how runs are told apart and counted. The zero Config is complete.
type Config struct {
	// Label returns what stands in the label "task" for a run. Nil: the name of
	// its task or, where a Go function is called, the name of its job. It is
	// called for each run, and for those under way by whoever collects: it has to
	// be quick, may be called concurrently, must not panic and does not keep the
	// run. Of a run time that was skipped, the run has what
	// [messages.JobMaxInstances] says.
	Label func(run *carillon.Run) string

	// MaxTasks is how many values the label "task" may have: those that come
	// first, and "other" for all the rest. Each has some 40 series. Zero or less:
	// 100.
	MaxTasks int

	// DurationBuckets and LatenessBuckets are the upper bounds of the histograms'
	// buckets, in seconds; they must grow. Nil: from 5 ms to 4 h, and from 1 ms to
	// 1 h.
	DurationBuckets, LatenessBuckets []float64

	// NativeHistograms has the two histograms made as native ones besides, for
	// servers that scrape these. Each run costs half as much again.
	NativeHistograms bool
}

var (
	defaultDurations = []float64{.005, .025, .1, .5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600}
	defaultLateness  = []float64{.001, .005, .025, .1, .5, 1, 5, 15, 60, 300, 900, 3600}
)

const defaultMaxTasks = 100

// complete returns the Config with nothing left open.
func (c Config) complete() Config {
	if c.Label == nil {
		c.Label = taskOf
	}
	if c.MaxTasks <= 0 {
		c.MaxTasks = defaultMaxTasks
	}
	if c.DurationBuckets == nil {
		c.DurationBuckets = defaultDurations
	}
	if c.LatenessBuckets == nil {
		c.LatenessBuckets = defaultLateness
	}
	return c
}

// taskOf is the default Label.
func taskOf(run *carillon.Run) string {
	if run.Call == nil {
		return run.Name
	}
	return cmp.Or(run.Call.TaskName(), run.Name)
}
