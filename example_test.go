package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// morning returns a running scheduler on a fake clock, on which it is nine
// o'clock on Thursday, 1 May 2025, and a function that lets time pass there.
func morning() (s *carillon.Scheduler, pass func(time.Duration)) {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
	if err == nil {
		err = s.Start(context.Background())
	}
	if err != nil {
		panic(err)
	}
	return s, func(d time.Duration) {
		if err := clocktest.Advance(context.Background(), s, clock, d); err != nil {
			panic(err)
		}
	}
}

// say returns a job that prints when it was due, and a text.
func say(text string) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println(run.Scheduled.Format("15:04"), text)
		return nil
	}
}

func Example() {
	var s *carillon.Scheduler
	greet := func(ctx context.Context) error { fmt.Println("hello"); return s.Shutdown(ctx) }
	poll, nightly, ctx := say("poll"), say("report"), context.Background()

	s, err := carillon.New(carillon.Config{}) // memory store, pool executor, real clock
	s.At(time.Now(), greet)                   // a func(ctx context.Context) error
	s.Every(10*time.Second, poll)
	s.Crontab("TZ=Europe/Berlin 30 2 * * mon-fri", nightly, carillon.Job{ID: "nightly"})
	err = s.Run(ctx) // until ctx ends, or Shutdown

	fmt.Println(err)
	// Output:
	// hello
	// <nil>
}

func Example_testing() {
	ctx := context.Background()
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
	s.Crontab("0 0 1 * *", say("a new month"))
	s.Start(ctx)
	err = clocktest.Advance(ctx, s, clock, 92*24*time.Hour) // three months, in no time

	fmt.Println(err, s.Shutdown(ctx))
	// Output:
	// 00:00 a new month
	// 00:00 a new month
	// 00:00 a new month
	// <nil> <nil>
}

func Example_simulation() {
	ctx := context.Background()
	july := func(seed uint64) (runs int, history uint64) {
		sim := clocktest.New(clocktest.Config{Seed: seed})
		defer sim.Close()
		s, _ := carillon.New(sim.Config())
		s.Crontab("*/5 * * * *", func(context.Context) error { runs++; return nil })
		s.Start(ctx)
		sim.Advance(31 * 24 * time.Hour)
		s.Shutdown(ctx)
		return runs, sim.Hash()
	}
	runs, history := july(7)
	_, again := july(7)
	fmt.Println(runs, "runs; the same seed gives the same history:", history == again)
	// Output: 8929 runs; the same seed gives the same history: true
}

func ExampleScheduler_Every() {
	s, pass := morning()
	s.Every(20*time.Minute, say("poll"))
	pass(time.Hour)
	// Output:
	// 09:20 poll
	// 09:40 poll
	// 10:00 poll
}

func ExampleScheduler_Crontab() {
	s, pass := morning()
	_, err := s.Crontab("30 9-17/4 * * mon-fri", say("look at the mail"))
	pass(9 * time.Hour)
	fmt.Println(err)

	_, err = s.Crontab("30 25 * * *", say("never"))
	fmt.Println(err)
	// Output:
	// 09:30 look at the mail
	// 13:30 look at the mail
	// 17:30 look at the mail
	// <nil>
	// hour "25" at position 3: out of range; use 0-23
}

// The last Friday of each quarter.
func ExampleScheduler_Cron() {
	s, _ := morning()
	job, err := s.Cron(triggers.CronFields{Month: "3-12/3", Day: "last fri", Hour: "17"}, say("inventory"))
	fmt.Println(job.NextRunTime, err)
	// Output: 2025-06-27 17:00:00 +0000 UTC <nil>
}

func ExampleScheduler_At() {
	s, pass := morning()
	s.At(time.Date(2025, 5, 1, 11, 15, 0, 0, time.UTC), say("coffee"))
	pass(24 * time.Hour)
	// Output: 11:15 coffee
}

type Reminder struct {
	To string `json:"to"`
}

var Remind = carillon.NewTask("mail.remind", func(ctx context.Context, r Reminder) error {
	fmt.Println("dear", r.To)
	return nil
})

func ExampleNewTask() {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Tasks: carillon.NewTasks(Remind)})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	s.Start(ctx)
	at := triggers.At(clock.Now().Add(time.Hour))
	_, err = s.AddJob(ctx, Remind.With(Reminder{To: "Ada"}), at, carillon.Job{ID: "remind-ada", Replace: true})
	clocktest.Advance(ctx, s, clock, time.Hour)
	fmt.Println(err)
	// Output:
	// dear Ada
	// <nil>
}

func ExampleScheduler_AddJob() {
	s, pass := morning()
	ctx := context.Background()
	weekly := triggers.Must(triggers.NewCalendarInterval(
		triggers.CalendarFields{Weeks: 1, Hour: 18},
		triggers.Options{Start: time.Date(2025, 5, 2, 0, 0, 0, 0, time.UTC)},
	))
	job, err := s.AddJob(ctx, say("backup"), weekly, carillon.Job{
		ID:           "backup",
		MisfireGrace: 6 * time.Hour,
		MaxInstances: 1,
		Coalesce:     carillon.Latest,
	})
	fmt.Println(job.ID, job.NextRunTime.Format(time.DateTime), err)

	_, err = s.AddJob(ctx, say("backup"), nil, carillon.Job{ID: "backup"})
	fmt.Println(errors.Is(err, carillon.ErrJobExists))

	s.AddJob(ctx, say("at once"), nil, carillon.Job{}) // without a trigger: once, now
	pass(0)
	// Output:
	// backup 2025-05-02 18:00:00 <nil>
	// true
	// 09:00 at once
}

func ExampleScheduler_AddJobs() {
	s, pass := morning()
	hourly := triggers.Must(triggers.Every(time.Hour))
	added, err := s.AddJobs(context.Background(), []carillon.Job{
		{ID: "a", Call: say("a"), Trigger: hourly},
		{ID: "b", Call: say("b"), Trigger: triggers.Must(triggers.NewJitter(hourly, time.Minute))},
	})
	fmt.Println(len(added), err)
	pass(time.Hour)
	// Output:
	// 2 <nil>
	// 10:00 a
}

func ExampleScheduler_ModifyJob() {
	s, _ := morning()
	ctx := context.Background()
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll"})
	job, err := s.ModifyJob(ctx, "poll", carillon.Changes{MaxInstances: new(3), Name: new("poll the sensors")})
	fmt.Println(job.Name, job.MaxInstances, job.NextRunTime.Format("15:04"), err)

	_, err = s.ModifyJob(ctx, "pole", carillon.Changes{MaxInstances: new(3)})
	fmt.Println(errors.Is(err, carillon.ErrJobNotFound), err)
	// Output:
	// poll the sensors 3 10:00 <nil>
	// true modify job "pole": no such job
}

func ExampleScheduler_RescheduleJob() {
	s, pass := morning()
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll"})
	s.RescheduleJob(context.Background(), "poll", triggers.Must(triggers.Every(25*time.Minute)))
	pass(time.Hour)
	// Output:
	// 09:25 poll
	// 09:50 poll
}

func ExampleScheduler_PauseJob() {
	s, pass := morning()
	ctx := context.Background()
	s.Crontab("0 10-17 * * *", say("hourly"), carillon.Job{ID: "hourly"})
	s.PauseJob(ctx, "hourly")
	pass(3*time.Hour + 30*time.Minute)
	job, err := s.ResumeJob(ctx, "hourly")
	fmt.Println("next at", job.NextRunTime.Format("15:04"), err)
	pass(time.Hour)
	// Output:
	// next at 13:00 <nil>
	// 13:00 hourly
}

func ExampleScheduler_RemoveJob() {
	s, _ := morning()
	ctx := context.Background()
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll"})
	fmt.Println(s.RemoveJob(ctx, "poll"))
	fmt.Println(s.RemoveJob(ctx, "poll"))
	// Output:
	// <nil>
	// remove job "poll": no such job
}

func ExampleScheduler_RemoveJobs() {
	s, _ := morning()
	ctx := context.Background()
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll"})
	s.Every(time.Hour, say("push"), carillon.Job{ID: "push"})
	fmt.Println(s.RemoveJobs(ctx, []string{"poll", "pull", "push"}))
	jobs, _ := s.Jobs(ctx)
	fmt.Println(len(jobs), "jobs left")
	// Output:
	// remove job "pull": no such job
	// 0 jobs left
}

func ExampleScheduler_Jobs() {
	s, _ := morning()
	ctx := context.Background()
	s.Crontab("0 12 * * *", say("noon"), carillon.Job{ID: "noon"})
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll"})
	s.Every(time.Second, say("tick"), carillon.Job{ID: "tick", Paused: true})
	jobs, err := s.Jobs(ctx)
	for _, j := range jobs {
		fmt.Println(j.ID, j.Trigger, j.Paused)
	}
	fmt.Println(err)
	// Output:
	// poll interval(1h0m0s) in UTC from 2025-05-01T10:00:00Z false
	// noon crontab(0 12 * * *) in UTC false
	// tick interval(1s) in UTC from 2025-05-01T09:00:01Z true
	// <nil>
}

func ExampleScheduler_PrintJobs() {
	s, _ := morning()
	ctx := context.Background()
	s.Crontab("TZ=Europe/Berlin 30 2 * * mon-fri", say("report"), carillon.Job{ID: "nightly", Name: "the report"})
	s.Every(time.Second, say("tick"), carillon.Job{ID: "tick", Paused: true})
	s.PrintJobs(ctx, os.Stdout)
	// Output:
	// store default
	//   ID       NAME        TRIGGER                                        NEXT RUN
	//   nightly  the report  crontab(30 2 * * mon-fri) in Europe/Berlin     2025-05-02 02:30:00 CEST
	//   tick     tick        interval(1s) in UTC from 2025-05-01T09:00:01Z  paused
}

func ExampleScheduler_Pause() {
	s, pass := morning()
	ctx := context.Background()
	s.Every(time.Hour, say("poll"))
	s.Pause(ctx)
	pass(3 * time.Hour)
	fmt.Println(s.State())
	s.Resume(ctx)
	pass(0)
	fmt.Println(s.State())
	// Output:
	// paused
	// 12:00 poll
	// running
}

func ExampleScheduler_Shutdown() {
	s, _ := morning()
	begun, goOn := make(chan struct{}), make(chan struct{})
	s.AddJob(context.Background(), carillon.Func(func(context.Context) error {
		close(begun)
		<-goOn
		fmt.Println("the job has ended")
		return nil
	}), nil, carillon.Job{})
	<-begun
	close(goOn)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println("the shutdown has ended:", s.Shutdown(ctx))
	fmt.Println(s.State(), s.Shutdown(ctx))
	// Output:
	// the job has ended
	// the shutdown has ended: <nil>
	// stopped scheduler is not running
}

func ExampleScheduler_Runs() {
	ctx := context.Background()
	s, pass := morning()
	long := func(ctx context.Context) error { return carillon.Sleep(ctx, time.Hour) }
	s.At(s.Now().Add(10*time.Minute), long, carillon.Job{ID: "report"})
	s.At(s.Now().Add(30*time.Minute), long, carillon.Job{ID: "backup"})
	pass(45 * time.Minute)

	runs, err := s.Runs(ctx)
	for _, r := range runs {
		fmt.Printf("%s goes on for %v\n", r.Run.JobID, s.Now().Sub(r.Started))
	}
	pass(time.Hour)
	fmt.Println(err, s.Shutdown(ctx))
	// Output:
	// report goes on for 35m0s
	// backup goes on for 15m0s
	// <nil> <nil>
}

func ExampleOn() {
	s, pass := morning()
	carillon.On(s, func(e *messages.JobError) {
		fmt.Println(e.Run.Key(), "failed:", e.Err)
	})
	s.Every(time.Hour, func(context.Context) error { return errors.New("no connection") }, carillon.Job{ID: "poll"})
	s.At(time.Date(2025, 5, 1, 9, 30, 0, 0, time.UTC), func(context.Context) error { panic("oh") }, carillon.Job{ID: "once"})
	pass(time.Hour)
	// Output:
	// once@2025-05-01T09:30:00Z failed: panic: oh
	// poll@2025-05-01T10:00:00Z failed: no connection
}

func ExampleScheduler_AddListener() {
	s, pass := morning()
	s.AddListener(func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.JobExecuted:
			fmt.Println(e.Run.Scheduled.Format("15:04"), e.Run.JobID, e.Outcome)
		case *messages.JobMaxInstances:
			fmt.Println(e.Scheduled[0].Format("15:04"), e.JobID, carillon.Skipped)
		}
	}, messages.MaskOutcomes)
	s.Every(20*time.Minute, func(ctx context.Context) error { return carillon.Sleep(ctx, 30*time.Minute) }, carillon.Job{ID: "slow"})
	pass(50 * time.Minute)
	// Output:
	// 09:40 slow skipped
	// 09:20 slow executed
}

func ExampleSetResult() {
	s, pass := morning()
	carillon.On(s, func(e *messages.JobExecuted) { fmt.Println(e.Run.JobID, "has counted", e.Value) })
	s.Every(time.Hour, func(ctx context.Context) error {
		carillon.SetResult(ctx, 42)
		return nil
	}, carillon.Job{ID: "census"})
	pass(time.Hour)
	// Output: census has counted 42
}

func ExampleFromContext() {
	s, pass := morning()
	ctx := context.Background()
	s.Every(10*time.Minute, func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println(run.Key(), "stands for the times since", run.First.Format("15:04"))
		return nil
	}, carillon.Job{ID: "sum"})
	s.Pause(ctx)
	pass(time.Hour)
	s.Resume(ctx)
	pass(0)
	// Output: sum@2025-05-01T10:00:00Z stands for the times since 09:10
}

func ExampleScheduler_AddStore() {
	s, _ := morning()
	ctx := context.Background()
	fmt.Println(s.AddStore(ctx, "drafts", memory.Open()))
	s.Every(time.Hour, say("poll"), carillon.Job{ID: "poll", Store: "drafts"})
	jobs, err := s.Jobs(ctx, "drafts")
	fmt.Println(len(jobs), jobs[0].Store, err)
	// Output:
	// <nil>
	// 1 drafts <nil>
}

func ExampleScheduler_AddExecutor() {
	s, pass := morning()
	ctx := context.Background()
	fmt.Println(s.AddExecutor(ctx, "one at a time", pool.Open(pool.Config{Size: 1})))
	at := triggers.At(time.Date(2025, 5, 1, 9, 30, 0, 0, time.UTC))
	s.AddJob(ctx, say("first"), at, carillon.Job{ID: "1", Executor: "one at a time"})
	s.AddJob(ctx, say("second"), at, carillon.Job{ID: "2", Executor: "one at a time"})
	pass(time.Hour)
	// Output:
	// <nil>
	// 09:30 first
	// 09:30 second
}

func ExampleScheduler_ExportJobs() {
	config := carillon.Config{
		Clock:    clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC)),
		Location: time.UTC,
		Tasks:    carillon.NewTasks(Remind),
	}
	ctx := context.Background()
	from, _ := carillon.New(config)
	from.Start(ctx)
	from.AddJob(ctx, Remind.With(Reminder{To: "Ada"}), triggers.Must(triggers.Every(time.Hour)), carillon.Job{ID: "remind-ada"})
	var file strings.Builder
	fmt.Println(from.ExportJobs(ctx, &file), strings.Contains(file.String(), `"args":{"to":"Ada"}`))

	to, _ := carillon.New(config)
	to.Start(ctx)
	n, err := to.ImportJobs(ctx, strings.NewReader(file.String()), carillon.RefuseExisting)
	fmt.Println(n, err)
	to.PrintJobs(ctx, os.Stdout)
	// Output:
	// <nil> true
	// 1 <nil>
	// store default
	//   ID          NAME         TRIGGER                                            NEXT RUN
	//   remind-ada  mail.remind  interval(1h0m0s) in UTC from 2025-05-01T10:00:00Z  2025-05-01 10:00:00 UTC
}

func ExampleConfigFromMap() {
	config, err := carillon.ConfigFromMap(map[string]any{
		"executors.default":           map[string]any{"type": "pool", "size": 20},
		"job_defaults.max_instances":  "3",
		"job_defaults.coalesce":       false,
		"timezone":                    "Europe/Berlin",
		"apscheduler.jobstores.short": map[string]any{"type": "memory"},
	}, carillon.Plugins{})
	fmt.Println(config.JobDefaults.MaxInstances, config.JobDefaults.Coalesce, config.Location, err)

	_, err = carillon.ConfigFromMap(map[string]any{"job_defaults.max_instance": 3}, carillon.Plugins{})
	fmt.Println(err)
	// Output:
	// 3 all Europe/Berlin <nil>
	// job_defaults.max_instance is unknown; did you mean "max_instances"?
}

func ExampleConfig_baseContext() {
	type tenant struct{}
	base := context.WithValue(context.Background(), tenant{}, "acme")
	s, err := carillon.New(carillon.Config{BaseContext: base})
	s.At(time.Now(), func(ctx context.Context) error {
		fmt.Println("a report for", ctx.Value(tenant{}))
		return s.Shutdown(ctx)
	})
	err = s.Run(context.Background())

	fmt.Println(err)
	// Output:
	// a report for acme
	// <nil>
}

func ExampleNew() {
	_, err := carillon.New(carillon.Config{
		StoreRetryInterval: -time.Second,
		JobDefaults:        carillon.JobDefaults{MaxInstances: -1},
	})
	fmt.Println(err)
	// Output:
	// JobDefaults.MaxInstances is -1; give 1 or more
	// Config.StoreRetryInterval is -1s; give a positive duration
}
