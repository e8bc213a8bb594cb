package metrics

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
)

// otherTasks is the task of the runs whose own there is no room for.
const otherTasks = "other"

// tasks has a task for each value of the label. The listener and those who collect
// use it at the same time.
type tasks struct {
	label func(run *carillon.Run) string
	most  int

	runs                *prometheus.CounterVec
	durations, lateness *prometheus.HistogramVec

	adding sync.Mutex                       // held by who replaces what is known
	known  atomic.Pointer[map[string]*task] // by what label returns; is not changed
}

func newTasks(c Config) *tasks {
	ts := &tasks{
		label:     c.Label,
		most:      c.MaxTasks,
		runs:      counters("runs_total", "Run times of jobs, by what became of them.", "task", "outcome"),
		durations: histograms("run_duration_seconds", "How long runs took.", c.DurationBuckets, c.NativeHistograms, "task"),
		lateness:  histograms("run_lateness_seconds", "How much later than scheduled runs began.", c.LatenessBuckets, c.NativeHistograms, "task"),
	}
	ts.known.Store(new(map[string]*task))
	return ts
}

// all returns those that there are.
func (ts *tasks) all() map[string]*task { return *ts.known.Load() }

// of returns the task of a run.
func (ts *tasks) of(run *carillon.Run) *task {
	label := ts.label(run)
	if t := ts.find(label); t != nil {
		return t
	}
	return ts.add(strings.ToValidUTF8(label, "\uFFFD")) // Prometheus takes nothing else
}

// find returns nil if the task has to be added.
func (ts *tasks) find(label string) *task {
	all := ts.all()
	if t := all[label]; t != nil || len(all) < ts.most {
		return t
	}
	return all[otherTasks]
}

func (ts *tasks) add(label string) *task {
	ts.adding.Lock()
	defer ts.adding.Unlock()
	if t := ts.find(label); t != nil { // somebody else was faster
		return t
	}
	all := maps.Clone(ts.all())
	if len(all) >= ts.most {
		label = otherTasks
	}
	if all == nil {
		all = make(map[string]*task)
	}
	all[label] = ts.newTask(label)
	ts.known.Store(&all)
	return all[label]
}

// newTask makes all series of a task. They begin with 0, so that the first event
// can be told from the beginning of the series.
func (ts *tasks) newTask(name string) *task {
	t := &task{name: name, duration: ts.durations.WithLabelValues(name), lateness: ts.lateness.WithLabelValues(name)}
	for _, outcome := range outcomes {
		t.outcomes[outcome] = ts.runs.WithLabelValues(name, outcome.String())
	}
	return t
}
