package torture

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// Desk is where a test gives out jobs and asks what has become of them: a
// scheduler of its own on the workers' store, which is paused and so executes
// nothing.
type Desk struct {
	t         testing.TB
	scheduler *carillon.Scheduler
	expected  []Expected
}

// NewDesk opens a desk. It closes at the end of the test.
func NewDesk(t testing.TB, place Place) *Desk {
	t.Helper()
	s, err := carillon.New(carillon.Config{
		Name:     "desk",
		Stores:   carillon.Stores{job.DefaultAlias: place.open()},
		Tasks:    carillon.NewTasks(doWork, doNews),
		Triggers: pulses,
		Lease:    patience,
		Logger:   slog.New(slog.DiscardHandler),
	})
	d := &Desk{t: t, scheduler: s}
	d.must("configure", err)
	ctx, cancel := d.bounded()
	defer cancel()
	d.must("start", s.StartPaused(ctx))
	t.Cleanup(func() {
		bounded, cancel := clock.WithTimeout(context.Background(), clock.Real(), patience)
		defer cancel()
		if err := s.Shutdown(bounded); err != nil {
			t.Errorf("desk: shut down: %v", err)
		}
	})
	return d
}

func (d *Desk) bounded() (context.Context, context.CancelFunc) {
	return clock.WithTimeout(d.t.Context(), clock.Real(), patience)
}

func (d *Desk) must(what string, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("desk: %s: %v", what, err)
	}
}

// Add gives out jobs, each with a NextRunTime and a trigger that ends. A store
// that is too busy is asked again.
func (d *Desk) Add(jobs ...carillon.Job) {
	d.t.Helper()
	ctx, cancel := d.bounded()
	defer cancel()
	for tries := 1; ; tries++ {
		_, err := d.scheduler.AddJobs(ctx, jobs)
		if err == nil || tries > 1 && errors.Is(err, carillon.ErrJobExists) {
			break // the last try had succeeded, and the answer was lost
		}
		if tries == 3 {
			d.must("add jobs", err)
		}
		pause(look)
	}
	for _, j := range jobs {
		d.expected = append(d.expected, Expect(j))
	}
}

// Records returns the history.
func (d *Desk) Records() (records []job.Record) {
	d.t.Helper()
	ctx, cancel := d.bounded()
	defer cancel()
	for r, err := range d.scheduler.History(ctx, carillon.HistoryQuery{}) {
		d.must("read the history", err)
		records = append(records, r)
	}
	return records
}

// Left returns the jobs that have not ended.
func (d *Desk) Left() []carillon.Job {
	d.t.Helper()
	ctx, cancel := d.bounded()
	defer cancel()
	jobs, err := d.scheduler.Jobs(ctx)
	d.must("list jobs", err)
	return jobs
}

// look is how often the desk looks what has become of its jobs.
const look = 50 * time.Millisecond

// Until waits until something holds that the workers bring about.
func (d *Desk) Until(what string, holds func() bool) {
	d.t.Helper()
	for waited := time.Duration(0); !holds(); waited += look {
		if waited > patience/2 {
			d.t.Fatalf("desk: not after a long while: %s", what)
		}
		pause(look)
	}
}

// Drain waits until every job has ended and every run time has an outcome. It
// gives up when nothing has changed for a while: the audit tells what is
// missing.
func (d *Desk) Drain() {
	d.t.Helper()
	const idle = 15 * time.Second
	left, missing := -1, -1
	for quiet := time.Duration(0); quiet < idle; quiet += look {
		jobs := len(d.Left())
		r := Audit(d.expected, nil, d.Records())
		if jobs == 0 && r.Unaccounted == 0 {
			return
		}
		if jobs != left || r.Unaccounted != missing {
			left, missing, quiet = jobs, r.Unaccounted, 0
		}
		pause(look)
	}
	d.t.Logf("nothing goes on any more, with %d jobs left and %d run times without an outcome", left, missing)
}

// Report audits all that was given out to a crew, at other desks too.
func (d *Desk) Report(crew *Crew, others ...*Desk) *Report {
	d.t.Helper()
	entries, err := ReadJournals(crew.Dir)
	d.must("read the journals", err)
	expected, records := slices.Clone(d.expected), d.Records()
	for _, other := range others {
		expected, records = append(expected, other.expected...), append(records, other.Records()...)
	}
	return Audit(expected, entries, records)
}

// Lateness returns how much later than scheduled the runs of a history have
// started, at the most.
func Lateness(records []job.Record) (most time.Duration) {
	for _, r := range records {
		if !r.Started.IsZero() {
			most = max(most, r.Started.Sub(r.Scheduled))
		}
	}
	return most
}
