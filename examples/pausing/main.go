// Pausing shows two ways to keep jobs from running, and what becomes of the
// runs that would have been meanwhile.
//
//	go run ./examples/pausing
//
// A job that is paused has no next run time. When it is resumed it goes on with
// the next time that its trigger has: what was in between was never due.
//
// A scheduler that is paused runs nothing, but time goes on and jobs come due.
// The same happens when a machine sleeps, or a store is out of reach. When the
// scheduler is resumed each job decides for itself, by its settings, about the
// three hours that have passed:
//
//   - latest coalesces, which is the default: one run, for the latest of the
//     times. It can read from its context which other times the run stands for.
//   - all (Coalesce: All) makes up for every run, in order.
//   - prompt (MisfireGrace: 10 minutes) would rather not run than run late. The
//     default is to run however late it is.
//
// The scheduler executes its jobs inline, one after the other, so that the
// order of the lines is always the same.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/messages"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 8, 30, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{
		Clock:     clock,
		Location:  time.UTC,
		Executors: carillon.Executors{"default": inline.Open},
		Logger:    slog.New(slog.DiscardHandler), // it would tell of prompt
	})
	if err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	if _, err := s.AddListener(report(w, clock), messages.MaskAll); err != nil {
		return err
	}
	err = errors.Join(
		pauseJob(ctx, w, s, clock),
		pauseScheduler(ctx, w, s, clock),
	)
	return errors.Join(err, s.Shutdown(ctx))
}

func pauseJob(ctx context.Context, w io.Writer, s *carillon.Scheduler, clock *clocktest.Clock) error {
	fmt.Fprintln(w, "A job is paused from 09:30 to 12:30:")
	_, err := s.Crontab("0 * * * *", work, carillon.Job{ID: "hourly"})
	err = errors.Join(err, clocktest.Advance(ctx, s, clock, time.Hour))
	_, fault := s.PauseJob(ctx, "hourly")
	err = errors.Join(err, fault, clocktest.Advance(ctx, s, clock, 3*time.Hour))
	_, fault = s.ResumeJob(ctx, "hourly")
	return errors.Join(err, fault,
		clocktest.Advance(ctx, s, clock, time.Hour),
		s.RemoveJob(ctx, "hourly"),
		s.Settle(ctx), // so that all of it is printed
	)
}

func pauseScheduler(ctx context.Context, w io.Writer, s *carillon.Scheduler, clock *clocktest.Clock) error {
	fmt.Fprintln(w, "The scheduler is paused from 13:30 to 16:30:")
	_, err1 := s.Crontab("0 * * * *", work, carillon.Job{ID: "all", Coalesce: carillon.All})
	_, err2 := s.Crontab("0 * * * *", work, carillon.Job{ID: "latest"})
	_, err3 := s.Crontab("0 * * * *", work, carillon.Job{ID: "prompt", MisfireGrace: 10 * time.Minute})
	return errors.Join(err1, err2, err3,
		s.Pause(ctx),
		clocktest.Advance(ctx, s, clock, 3*time.Hour),
		s.Resume(ctx),
		clocktest.Advance(ctx, s, clock, time.Hour),
	)
}

func work(context.Context) error { return nil }

// report returns a listener that prints what is of interest here.
func report(w io.Writer, clock *clocktest.Clock) func(carillon.Event) {
	line := func(text ...any) { fmt.Fprint(w, clock.Now().Format("  15:04  "), fmt.Sprintln(text...)) }
	return func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.JobModified:
			line(e.JobID, "is changed")
		case *messages.SchedulerPaused:
			line("the scheduler is paused")
		case *messages.SchedulerResumed:
			line("the scheduler is resumed")
		case *messages.JobExecuted:
			line(e.Run.JobID, "runs for", times(e.Run))
		case *messages.JobMissed:
			line(e.Run.JobID, "does not run for", times(e.Run)+":", e.Err)
		}
	}
}

// times tells which run times a run stands for.
func times(r *carillon.Run) string {
	if r.First.Equal(r.Scheduled) {
		return r.Scheduled.Format("15:04")
	}
	return r.First.Format("15:04 to ") + r.Scheduled.Format("15:04")
}
