package torture

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// Work is what a job does.
type Work struct {
	Sleep time.Duration `json:",omitempty"`
	Frail bool          `json:",omitempty"` // every third run fails, and every sixth panics
	Tell  bool          `json:",omitempty"` // tell the test of each start and end
}

// The tasks. Only those in the workers are ever executed; the test itself uses
// them to write down calls.
var (
	doWork = new(staff).task("work")
	doNews = new(staff).task("news") // which an old worker does not know
)

var errFrail = errors.New("it fails now and then")

// staff executes the tasks in a worker.
type staff struct {
	worker  string
	journal *Journal
	tell    func(words ...any)
	working sync.Once // told that it is
}

func (s *staff) task(name string) job.Task[Work] { return carillon.NewTask(name, s.run) }

// run writes down that it runs, does its work, and writes down how that ended.
func (s *staff) run(ctx context.Context, w Work) error {
	run, _ := carillon.FromContext(ctx)
	entry := Entry{Started: true, Job: run.JobID, Scheduled: run.Scheduled.UTC(), Attempt: run.Attempt, Worker: s.worker}
	s.write(entry)
	s.working.Do(func() { s.tell(wordWorking) })
	if w.Tell {
		s.tell("started", run.String())
	}
	err, how := w.do(ctx, &run)
	entry.Started, entry.How = false, how
	s.write(entry)
	if w.Tell {
		s.tell("ended", run.String(), how)
	}
	if err == errFrail && nth(&run)%6 == 0 {
		panic(err)
	}
	return err
}

func (w Work) do(ctx context.Context, run *carillon.Run) (err error, how string) {
	if w.Sleep > 0 {
		if err := carillon.Sleep(ctx, w.Sleep); err != nil {
			return err, context.Cause(ctx).Error()
		}
	}
	if w.Frail && nth(run)%3 == 0 {
		return errFrail, "failed"
	}
	return nil, "done"
}

// nth numbers the times of a frail job.
func nth(run *carillon.Run) int64 { return run.Scheduled.UnixMilli() / frailEvery.Milliseconds() }

// write does not return if it fails: a run that is not written down is no run.
func (s *staff) write(e Entry) {
	e.At = clock.Real().Now().UTC().Round(0)
	if err := s.journal.Write(e); err != nil {
		fatal(err)
	}
}
