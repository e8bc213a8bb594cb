// Cron-zone shows what cron jobs do when the clocks are changed, by living
// through the two weekends of 2025 on which that happened in Berlin.
//
//	go run ./examples/cron-zone
//
// On 30 March the clock went from 02:00 straight to 03:00: 02:30 did not exist.
// On 26 October it went from 03:00 back to 02:00: 02:30 was twice. The rule is
// what one would want:
//
//   - A job at a fixed time of day runs exactly once on each day: nightly is
//     shifted by the hour that is missing, and runs in the first 02:30 only.
//   - A job that repeats within the day follows the time that elapses: hourly
//     runs once in each hour that really passes.
//   - Who wants it otherwise says so for the trigger: strict is left out when
//     its time does not exist, and runs twice when it exists twice.
//
// The scheduler is a real one; only its clock is fake (package clocktest), so
// that a weekend takes no time at all.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	for _, midnight := range []time.Time{
		time.Date(2025, 3, 30, 0, 0, 0, 0, berlin),
		time.Date(2025, 10, 26, 0, 0, 0, 0, berlin),
	} {
		ran, err := night(ctx, midnight)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, midnight.Format("Monday, 2 January 2006"))
		for _, id := range []string{"nightly", "strict", "hourly"} {
			fmt.Fprintf(w, "  %-8s", id)
			for _, t := range ran[id] {
				fmt.Fprint(w, "  ", t.In(berlin).Format("15:04 MST"))
			}
			fmt.Fprintln(w)
		}
	}
	return nil
}

// night runs a scheduler from just before midnight until half past four, and
// returns when its jobs ran.
func night(ctx context.Context, midnight time.Time) (ran map[string][]time.Time, err error) {
	clock := clocktest.NewClock(midnight.Add(-time.Minute))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: midnight.Location()})
	if err != nil {
		return nil, err
	}
	strict, err := triggers.NewCrontab("30 2 * * *", triggers.Options{Gap: triggers.Skip, Fold: triggers.Both})
	if err != nil {
		return nil, err
	}
	if _, err := s.Crontab("30 2 * * *", work, carillon.Job{ID: "nightly"}); err != nil {
		return nil, err
	}
	if _, err := s.AddJob(ctx, carillon.Func(work), strict, carillon.Job{ID: "strict"}); err != nil {
		return nil, err
	}
	if _, err := s.Crontab("0 * * * *", work, carillon.Job{ID: "hourly"}); err != nil {
		return nil, err
	}
	ran = make(map[string][]time.Time)
	if _, err := carillon.On(s, func(e *messages.JobExecuted) {
		ran[e.Run.JobID] = append(ran[e.Run.JobID], e.Run.Scheduled)
	}); err != nil {
		return nil, err
	}
	if err := s.Start(ctx); err != nil {
		return nil, err
	}
	if err := clocktest.AdvanceTo(ctx, s, clock, midnight.Add(4*time.Hour+30*time.Minute)); err != nil {
		return nil, err
	}
	return ran, s.Shutdown(ctx)
}

func work(context.Context) error { return nil }
