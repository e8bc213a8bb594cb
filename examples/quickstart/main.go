// Quickstart runs a few jobs for three seconds and prints what becomes of them.
//
//	go run ./examples/quickstart
//
// It shows the whole of a scheduler's life: make it, add jobs, start it, look
// at its jobs, watch its runs, shut it down. There are four jobs:
//
//   - tick runs every second.
//   - slow is due every 700 ms but takes a whole second, so that every other
//     run of it is skipped: a job does not overlap itself unless MaxInstances
//     allows it.
//   - once runs a single time, fails, and is gone then.
//   - nightly is a crontab entry with a time zone. It is not due while you
//     look, unless you are up late.
//
// The times that it prints are seconds since the start. What comes behind them
// is how late the run began.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		return err
	}
	if err := addJobs(s); err != nil {
		return err
	}
	begin := time.Now()
	if _, err := s.AddListener(report(w, begin), messages.MaskOutcomes); err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	if err := printJobs(ctx, w, s); err != nil {
		return err
	}
	time.Sleep(3200 * time.Millisecond)
	fmt.Fprintln(w, "that's it")
	return s.Shutdown(ctx)
}

func addJobs(s *carillon.Scheduler) error {
	_, err1 := s.Every(time.Second, tick, carillon.Job{ID: "tick"})
	_, err2 := s.Every(700*time.Millisecond, slow, carillon.Job{ID: "slow"})
	_, err3 := s.At(time.Now().Add(1500*time.Millisecond), once, carillon.Job{ID: "once"})
	_, err4 := s.Crontab("TZ=Europe/Berlin 30 2 * * mon-fri", tick, carillon.Job{ID: "nightly"})
	return errors.Join(err1, err2, err3, err4)
}

func tick(context.Context) error { return nil }

func slow(ctx context.Context) error { return carillon.Sleep(ctx, time.Second) }

func once(context.Context) error { return errors.New("no such luck") }

// report returns a listener that prints a line for each run that has ended.
func report(w io.Writer, begin time.Time) func(carillon.Event) {
	since := func(t time.Time) float64 { return t.Sub(begin).Seconds() }
	return func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.JobExecuted:
			late := e.Started.Sub(e.Run.Scheduled).Round(time.Millisecond)
			fmt.Fprintf(w, "%.1f  %s executed, %v late, done at %.1f\n", since(e.Run.Scheduled), e.Run.JobID, late, since(e.Finished))
		case *messages.JobError:
			fmt.Fprintf(w, "%.1f  %s failed: %v\n", since(e.Run.Scheduled), e.Run.JobID, e.Err)
		case *messages.JobMaxInstances:
			fmt.Fprintf(w, "%.1f  %s skipped: the run before goes on\n", since(e.Scheduled[0]), e.JobID)
		}
	}
}

func printJobs(ctx context.Context, w io.Writer, s *carillon.Scheduler) error {
	jobs, err := s.Jobs(ctx)
	for _, j := range jobs {
		fmt.Fprintln(w, j.ID, j.Trigger, j.NextRunTime)
	}
	return err
}
