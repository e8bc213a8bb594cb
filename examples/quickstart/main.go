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
// The times are seconds since the start.
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
	if err := s.PrintJobs(ctx, w); err != nil {
		return err
	}
	time.Sleep(3200 * time.Millisecond)
	if err := s.Shutdown(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "shut down; no run is lost, no goroutine is left")
	return nil
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
	line := func(at time.Time, format string, args ...any) {
		fmt.Fprintf(w, "%.1f s  %s\n", at.Sub(begin).Seconds(), fmt.Sprintf(format, args...))
	}
	return func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.JobExecuted:
			late, took := e.Started.Sub(e.Run.Scheduled), e.Finished.Sub(e.Started)
			line(e.Finished, "%s has taken %.1f s, began %v late", e.Run.JobID, took.Seconds(), late.Round(time.Millisecond))
		case *messages.JobError:
			line(e.Finished, "%s has failed: %v", e.Run.JobID, e.Err)
		case *messages.JobMaxInstances:
			line(e.At, "%s is skipped, since the run before goes on", e.JobID)
		}
	}
}
