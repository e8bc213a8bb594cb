package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
)

// Jobs counts the jobs of a scheduler's stores. It is a [prometheus.Collector].
type Jobs struct {
	scheduler      *carillon.Scheduler
	count, overdue gauge
	failures       prometheus.Counter
}

// NewJobs returns a collector that reads all jobs each time that it collects: half
// a microsecond for each in memory, a query of all rows in a database. Leave it
// out if there are many, or register it with a registry that is scraped seldom.
func NewJobs(s *carillon.Scheduler) *Jobs {
	return &Jobs{
		scheduler: s,
		count:     newGauge("jobs", "Jobs in the stores, by their state.", "state"),
		overdue:   newGauge("most_overdue_job_seconds", "How long the job has been due that has been due longest, of those that are scheduled; 0 if none is."),
		failures:  counter("job_listings_failed_total", "Times that the jobs could not be read."),
	}
}

// patience is how long Collect waits for the stores. A scrape has ten seconds
// unless Prometheus is told otherwise.
const patience = 5 * time.Second

// Describe is for registries.
func (j *Jobs) Describe(descs chan<- *prometheus.Desc) {
	descs <- j.count.Desc
	descs <- j.overdue.Desc
	j.failures.Describe(descs)
}

// Collect is for registries. If a store fails, or takes longer than five seconds,
// nothing is told of jobs this time, but that.
func (j *Jobs) Collect(found chan<- prometheus.Metric) {
	if t, err := j.read(); err != nil {
		j.failures.Inc()
	} else {
		for state, n := range t.states {
			found <- j.count.is(float64(n), state)
		}
		found <- j.overdue.is(t.overdue)
	}
	j.failures.Collect(found)
}

// tally is what all jobs add up to.
type tally struct {
	states  map[string]int
	overdue float64
}

func (j *Jobs) read() (tally, error) {
	ctx, cancel := clock.WithTimeout(context.Background(), clock.Real(), patience)
	defer cancel()
	t := tally{states: map[string]int{"scheduled": 0, "paused": 0, "parked": 0, "pending": 0}}
	now := j.scheduler.Now()
	for job, err := range j.scheduler.AllJobs(ctx) {
		if err != nil {
			return tally{}, err
		}
		t.add(&job, now)
	}
	return t, nil
}

func (t *tally) add(job *carillon.Job, now time.Time) {
	switch {
	case job.Parked != "":
		t.states["parked"]++
	case job.Pending:
		t.states["pending"]++
	case job.Paused:
		t.states["paused"]++
	default:
		t.states["scheduled"]++
		t.overdue = max(t.overdue, now.Sub(job.NextRunTime).Seconds())
	}
}
