// Quickstart runs a few jobs for three seconds and prints what becomes of them.
//
//	go run ./examples/quickstart                  # forgets its jobs
//	go run ./examples/quickstart -file jobs.db    # keeps them: run it twice
//
// It shows the whole of a scheduler's life: make it, add jobs, start it, look
// at its jobs, watch its runs, shut it down; and ask why a job did not run. The
// jobs are kept in a file, so that they outlive the program: therefore what
// they run are tasks, which have names. There are four jobs:
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
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

type none struct{} // the tasks have no arguments

var (
	tick = carillon.NewTask("tick", func(context.Context, none) error { return nil })
	slow = carillon.NewTask("slow", func(ctx context.Context, _ none) error { return carillon.Sleep(ctx, time.Second) })
	once = carillon.NewTask("once", func(context.Context, none) error { return errors.New("no such luck") })
)

func main() {
	file := flag.String("file", "", "keep the jobs in this file (by default in a temporary one)")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *file); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer, file string) error {
	if file == "" {
		folder, err := os.MkdirTemp("", "carillon")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		file = filepath.Join(folder, "jobs.db")
	}
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": sqlite.Open(file)},
		Tasks:  carillon.NewTasks(tick, slow, once),
		Logger: slog.New(slog.DiscardHandler), // it would tell of once again
	})
	if err != nil {
		return err
	}
	begin := time.Now().Truncate(time.Millisecond)
	if err := addJobs(ctx, s, begin); err != nil {
		return err
	}
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
	why, err := s.Explain(ctx, "slow", begin.Add(1400*time.Millisecond))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "1.4 s  slow", why.Text)
	if err := s.Shutdown(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "shut down; no run is lost, no goroutine is left")
	return nil
}

func addJobs(ctx context.Context, s *carillon.Scheduler, begin time.Time) error {
	nightly, err := triggers.NewCrontab("TZ=Europe/Berlin 30 2 * * mon-fri", triggers.Options{})
	if err != nil {
		return err
	}
	_, err = s.AddJobs(ctx, []carillon.Job{
		{ID: "tick", Call: tick.With(none{}), Trigger: every(begin, time.Second), Replace: true},
		{ID: "slow", Call: slow.With(none{}), Trigger: every(begin, 700*time.Millisecond), Replace: true},
		{ID: "once", Call: once.With(none{}), Trigger: triggers.At(begin.Add(1500 * time.Millisecond)), Replace: true},
		{ID: "nightly", Call: tick.With(none{}), Trigger: nightly, Replace: true},
	})
	return err
}

func every(begin time.Time, interval time.Duration) triggers.Trigger {
	return triggers.Must(triggers.NewInterval(interval, triggers.Options{Start: begin.Add(interval)}))
}

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
