package recipes

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
	"github.com/carillon-go/carillon/wrap"
)

// plain makes a job of a function that knows neither contexts nor errors.
func plain(f func()) carillon.Func {
	return func(context.Context) error { f(); return nil }
}

// schedule is what a cron.Schedule is.
type schedule interface{ Next(time.Time) time.Time }

// scheduled makes a trigger of a schedule, which gets its times in a time zone.
type scheduled struct {
	schedule schedule
	zone     *time.Location
}

func (s scheduled) Next(prev, now time.Time) (time.Time, bool) {
	after := now.Add(-1) // a trigger may answer now
	if prev.After(after) {
		after = prev
	}
	next := s.schedule.Next(after.In(s.zone))
	return next, !next.IsZero()
}

// noons is a schedule of one's own: noon of the first day of each quarter.
type noons struct{}

func (noons) Next(after time.Time) time.Time {
	for y, m := after.Year(), time.January; ; m += 3 {
		if noon := time.Date(y, m, 1, 12, 0, 0, 0, after.Location()); noon.After(after) {
			return noon
		}
	}
}

// purge is what a cron.Job is.
type purge struct{ table string }

func (p purge) Run() { fmt.Println(clock.Now().Format("15:04:05"), "purge", p.table) }

func Example_robfigProgram() {
	clock = clocktest.NewClock(start)
	berlin, err := time.LoadLocation("Europe/Berlin")
	check(err)
	logger := slog.New(slog.DiscardHandler)
	backup := func() { fmt.Println(clock.Now().Format("15:04:05"), "backup") }
	rotate, remind := func() {}, backup

	config := carillon.Config{Location: berlin, Logger: logger}
	config.Clock = clock
	s, err := carillon.New(config)
	check(err)
	_, err = s.Crontab("30 2 * * *", plain(backup), carillon.Job{ID: "backup"})
	check(err)
	_, err = s.Crontab("*/10 * * * * *", plain(rotate), carillon.Job{ID: "rotate"})
	check(err)
	_, err = s.Crontab("CRON_TZ=Asia/Tokyo 30 4 * * *", plain(purge{"sessions"}.Run), carillon.Job{ID: "purge"})
	check(err)
	_, err = s.AddJob(ctx, plain(remind), scheduled{noons{}, berlin}, carillon.Job{ID: "remind"})
	check(err)
	_, err = carillon.On(s, func(e *messages.JobMaxInstances) { logger.Info("skip", "job", e.JobID) })
	check(err)

	check(s.Start(ctx))
	check(clocktest.Advance(ctx, s, clock, 24*time.Hour))
	job, err := s.Job(ctx, "remind")
	check(err)
	fmt.Println(job.NextRunTime)
	for last, err := range s.History(ctx, carillon.HistoryQuery{JobID: "backup", Limit: 1}) {
		check(err)
		fmt.Println("last:", last.Scheduled)
	}
	check(s.RemoveJob(ctx, "backup"))
	check(s.Shutdown(ctx))
	// Output:
	// 19:30:00 purge sessions
	// 00:30:00 backup
	// 2025-07-01 12:00:00 +0200 CEST
	// last: 2025-05-02 02:30:00 +0200 CEST
}

func Example_robfigWrappers() {
	f := carillon.Func(func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println(clock.Now().Format("15:04:05"), run.JobID, "for", run.Scheduled.Format("15:04:05"))
		return carillon.Sleep(ctx, 70*time.Second)
	})
	s, pass := begin(carillon.Config{
		Executors: carillon.Executors{"poll": pool.Open(pool.Config{Size: 1})},
	})

	s.Crontab("* * * * *", f, carillon.Job{ID: "skip"})
	s.Crontab("* * * * *", f, carillon.Job{ID: "overlap", MaxInstances: 1000})
	s.Crontab("* * * * *", f, carillon.Job{ID: "delay", MaxInstances: 1000, Executor: "poll"})
	s.Crontab("0 10 * * *", wrap.Func(f, trace), carillon.Job{ID: "wrapped"})

	pass(2 * time.Minute)
	check(clocktest.Shutdown(ctx, s, clock))
	// Unordered output:
	// 09:00:00 skip for 09:00:00
	// 09:00:00 overlap for 09:00:00
	// 09:00:00 delay for 09:00:00
	// 09:01:00 overlap for 09:01:00
	// 09:01:10 delay for 09:01:00
	// 09:02:00 skip for 09:02:00
	// 09:02:00 overlap for 09:02:00
	// 09:02:20 delay for 09:02:00
}

func Example_robfigWords() {
	s, pass := begin(carillon.Config{})
	d, f, spec, w := time.Hour, sleep(0), "@hourly", io.Discard

	s.Crontab(spec, f)
	s.Every(d, f)
	trigger, err := triggers.NewCrontab(spec, triggers.Options{})
	check(err)
	t := start
	fmt.Println(triggers.Preview(trigger, t, 1))
	fmt.Println(triggers.Preview(crontab("0 0 */2 * mon"), t, 1))

	jobs, err := s.Jobs(ctx)
	check(err)
	fmt.Println(len(jobs))
	check(s.Pause(ctx))
	check(s.Resume(ctx))
	pass(0)
	check(s.PrintJobs(ctx, w))
	check(s.Shutdown(ctx))
	// Output:
	// [2025-05-01 09:00:00 +0000 UTC]
	// [2025-05-05 00:00:00 +0000 UTC]
	// 2
}
