package clocktest_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
)

// What becomes of jobs when Berlin's clocks are set forward at two o'clock on
// Sunday morning: a fake clock under a scheduler that runs live.
func ExampleAdvance_daylightSaving() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	clock := clocktest.NewClock(time.Date(2025, 3, 29, 0, 0, 0, 0, berlin))
	s, err := carillon.New(carillon.Config{
		Clock:     clock,
		Location:  berlin,
		Logger:    slog.New(slog.DiscardHandler),
		Executors: map[string]executors.Opener{"default": pool.Open(pool.Config{Size: 1})}, // one run after the other
	})
	if err != nil {
		panic(err)
	}
	show := func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Printf("%-7s %s\n", run.JobID, run.Scheduled.In(berlin).Format("Mon 15:04 MST"))
		return nil
	}
	ctx := context.Background()
	s.Crontab("30 2 * * *", show, carillon.Job{ID: "nightly"}) // there is no half past two on Sunday
	s.Crontab("0 12 * * *", show, carillon.Job{ID: "noon"})    // an hour earlier in UTC, from Sunday on
	s.Every(12*time.Hour, show, carillon.Job{ID: "twelve"})    // twelve hours are twelve hours
	s.Start(ctx)
	clocktest.Advance(ctx, s, clock, 3*24*time.Hour)
	s.Shutdown(ctx)
	// Output:
	// nightly Sat 02:30 CET
	// noon    Sat 12:00 CET
	// twelve  Sat 12:00 CET
	// twelve  Sun 00:00 CET
	// nightly Sun 03:30 CEST
	// noon    Sun 12:00 CEST
	// twelve  Sun 13:00 CEST
	// twelve  Mon 01:00 CEST
	// nightly Mon 02:30 CEST
	// noon    Mon 12:00 CEST
	// twelve  Mon 13:00 CEST
	// twelve  Tue 01:00 CEST
}
