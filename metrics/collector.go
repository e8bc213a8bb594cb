package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
)

// Collector has the metrics of one scheduler. It is a [prometheus.Collector], and
// may be registered with several registries.
type Collector struct {
	scheduler *carillon.Scheduler
	heard     *heard
	listener  carillon.ListenerID

	state, running, waiting, oldest, succeeded gauge
}

// New returns a collector for a scheduler, which listens to its events from now
// on: make it before the start. It panics if buckets do not grow, as package
// prometheus does.
func New(s *carillon.Scheduler, config Config) *Collector {
	c := &Collector{
		scheduler: s,
		heard:     newHeard(config.complete()),
		state:     newGauge("state", "1 for the state that the scheduler is in, 0 for the others.", "state"),
		running:   newGauge("runs_running", "Runs that are being executed.", "task"),
		waiting:   newGauge("runs_waiting", "Runs that an executor has and has not begun.", "task"),
		oldest:    newGauge("oldest_run_age_seconds", "How long the run has gone on that began first; 0 if none is being executed.", "task"),
		succeeded: newGauge("last_success_timestamp_seconds", "When a run was executed to a good end, the last time.", "task"),
	}
	var err error
	if c.listener, err = s.AddListener(c.heard.listen, heardMask); err != nil {
		panic(err) // which is only about listeners that are nil, or hear nothing
	}
	return c
}

// Close has the collector hear of nothing any more; it keeps what it has counted.
// A collector that lives as long as its scheduler need not be closed.
func (c *Collector) Close() { c.scheduler.RemoveListener(c.listener) }

// Describe is for registries.
func (c *Collector) Describe(descs chan<- *prometheus.Desc) {
	for _, vec := range c.heard.all() {
		vec.Describe(descs)
	}
	for _, g := range []gauge{c.state, c.running, c.waiting, c.oldest, c.succeeded} {
		descs <- g.Desc
	}
}

// Collect is for registries. It asks the scheduler for its state, its stores, and
// the runs that are under way, and costs time in proportion to these.
func (c *Collector) Collect(found chan<- prometheus.Metric) {
	c.collectState(found)
	c.collectRuns(found) // before what is counted by task, since it may meet new ones
	c.meetStores()
	for _, vec := range c.heard.all() {
		vec.Collect(found)
	}
}

// meetStores makes the series of all stores, if they can be asked for.
func (c *Collector) meetStores() {
	aliases, _ := c.scheduler.Stores(context.Background())
	for _, alias := range aliases {
		c.heard.meet(alias)
	}
}

func (c *Collector) collectState(found chan<- prometheus.Metric) {
	current := c.scheduler.State()
	for _, state := range []carillon.State{carillon.Stopped, carillon.Running, carillon.Paused} {
		value := 0.0
		if state == current {
			value = 1
		}
		found <- c.state.is(value, state.String())
	}
}

// load is what a task has under way.
type load struct {
	running, waiting int
	oldest           time.Time // zero: none is running
}

func (c *Collector) collectRuns(found chan<- prometheus.Metric) {
	active, err := c.scheduler.Runs(context.Background())
	if err != nil {
		found <- prometheus.NewInvalidMetric(c.running.Desc, err)
		return
	}
	loads := make(map[*task]*load)
	for i := range active {
		t := c.heard.tasks.of(&active[i].Run)
		if loads[t] == nil {
			loads[t] = new(load)
		}
		loads[t].add(active[i].Started)
	}
	now := c.scheduler.Now()
	for _, t := range c.heard.tasks.all() {
		l := loads[t]
		if l == nil {
			l = new(load)
		}
		found <- c.running.is(float64(l.running), t.name)
		found <- c.waiting.is(float64(l.waiting), t.name)
		found <- c.oldest.is(l.age(now), t.name)
		if at := t.succeeded.Load(); at != 0 {
			found <- c.succeeded.is(float64(at)/1e6, t.name)
		}
	}
}

func (l *load) add(started time.Time) {
	switch {
	case started.IsZero():
		l.waiting++
		return
	case l.oldest.IsZero() || started.Before(l.oldest):
		l.oldest = started
	}
	l.running++
}

func (l *load) age(now time.Time) float64 {
	if l.oldest.IsZero() {
		return 0
	}
	return seconds(now.Sub(l.oldest))
}
