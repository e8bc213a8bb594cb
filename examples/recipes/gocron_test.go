package recipes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
	"github.com/carillon-go/carillon/wrap"
)

// before does what BeforeJobRuns and BeforeJobRunsSkipIfBeforeFuncErrors do.
func before(next carillon.Func) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println("about to run", run.JobID)
		if run.JobID == "deploy" && frozen() {
			return nil // or an error, which makes it a failed run
		}
		return next(ctx)
	}
}

func frozen() bool { return true }

func Example_gocronListeners() {
	config := carillon.Config{
		Executors: carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{}), before)},
	}

	s, pass := begin(config)
	carillon.On(s, func(e *messages.JobExecuted) { fmt.Println(e.Run.JobID, "has run") })
	carillon.On(s, func(e *messages.JobError) {
		if p, panicked := errors.AsType[*carillon.PanicError](e.Err); panicked {
			fmt.Println(e.Run.JobID, "has panicked:", p.Value)
			return
		}
		fmt.Println(e.Run.JobID, "has failed:", e.Err)
	})

	for _, job := range []carillon.Job{
		{ID: "good", Call: say("done")},
		{ID: "bad", Call: carillon.Func(func(context.Context) error { return errDown })},
		{ID: "worse", Call: carillon.Func(func(context.Context) error { panic("no such file") })},
		{ID: "deploy", Call: say("not to be seen")},
	} {
		_, err := s.AddJob(ctx, job.Call, nil, job)
		check(err)
	}
	pass(time.Second)
	check(s.Shutdown(ctx))
	// Unordered output:
	// about to run good
	// 09:00:00 done
	// good has run
	// about to run bad
	// bad has failed: server is down
	// about to run worse
	// worse has panicked: no such file
	// about to run deploy
	// deploy has run
}

func Example_gocronDefinitions() {
	s, pass := begin(carillon.Config{})
	show := func(t triggers.Trigger, err error) {
		check(err)
		var times []string
		for _, at := range triggers.Preview(t, start, 4) {
			times = append(times, at.Format("Jan 2 15:04"))
		}
		fmt.Println(strings.Join(times, ", "))
	}
	t, u := start.Add(time.Hour), start.Add(25*time.Hour)
	monday := time.Date(2025, 5, 5, 0, 0, 0, 0, time.UTC)
	five := triggers.Must(triggers.Every(5 * time.Minute))

	show(triggers.NewJitter(five, time.Minute))
	show(triggers.NewOr(crontab("30 10 * * *"), crontab("0 17 * * *")))
	show(triggers.NewCalendarInterval(triggers.CalendarFields{Days: 3, Hour: 10, Minute: 30}, triggers.Options{Start: monday}))
	show(crontab("30 10 * * mon,thu"), nil)
	show(crontab("0 18 1,L,L-4 * *"), nil)
	show(triggers.NewCalendarInterval(triggers.CalendarFields{Months: 2, Hour: 18}, triggers.Options{Start: monday}))
	show(triggers.NewOr(triggers.At(t), triggers.At(u)))
	show(triggers.NewInterval(time.Hour, triggers.Options{Start: t, End: u}))
	show(triggers.NewCrontab("30 2 * * *", triggers.Options{Gap: triggers.Skip}))

	f := say("f")
	s.Crontab("30 10 * * mon,thu", f)
	s.Crontab("0 18 1,L,L-4 * *", f)
	s.Every(time.Hour, f, carillon.Job{ID: "report", NextRunTime: s.Now()})
	s.At(t, f)
	s.AddJob(ctx, f, nil, carillon.Job{})
	pass(0)
	_, err := s.RescheduleJob(ctx, "report", crontab("0 10 * * *"))
	check(err)
	check(s.Shutdown(ctx))
	// Output:
	// May 1 09:05, May 1 09:10, May 1 09:15, May 1 09:20
	// May 1 10:30, May 1 17:00, May 2 10:30, May 2 17:00
	// May 5 10:30, May 8 10:30, May 11 10:30, May 14 10:30
	// May 1 10:30, May 5 10:30, May 8 10:30, May 12 10:30
	// May 1 18:00, May 27 18:00, May 31 18:00, Jun 1 18:00
	// May 5 18:00, Jul 5 18:00, Sep 5 18:00, Nov 5 18:00
	// May 1 10:00, May 2 10:00
	// May 1 10:00, May 1 11:00, May 1 12:00, May 1 13:00
	// May 2 02:30, May 3 02:30, May 4 02:30, May 5 02:30
	// 09:00:00 f
	// 09:00:00 f
}

func Example_gocronLimits() {
	config := carillon.Config{
		Executors:   carillon.Executors{"default": pool.Open(pool.Config{Size: 2})},
		JobDefaults: carillon.JobDefaults{MaxInstances: 1000, MisfireGrace: time.Second},
	}

	s, pass := begin(config)
	carillon.On(s, func(e *messages.JobExecuted) { fmt.Println("one has run") })
	carillon.On(s, func(e *messages.JobMissed) { fmt.Println("one has found no room") })
	for range 3 {
		s.At(s.Now(), sleep(time.Minute))
	}
	pass(0)
	active, err := s.Runs(ctx)
	check(err)
	fmt.Println(len(active), "under way or waiting")
	check(clocktest.Shutdown(ctx, s, clock))
	// Unordered output:
	// 3 under way or waiting
	// one has run
	// one has run
	// one has found no room
}

func Example_gocronLimitedRuns() {
	s, pass := begin(carillon.Config{})
	knock := say("knock")

	times := 0
	s.Every(time.Minute, func(ctx context.Context) error {
		if times++; times == 3 {
			run, _ := carillon.FromContext(ctx)
			defer s.RemoveJob(ctx, run.JobID)
		}
		return knock(ctx)
	})

	pass(time.Hour)
	check(s.Shutdown(ctx))
	// Output:
	// 09:01:00 knock
	// 09:02:00 knock
	// 09:03:00 knock
}
