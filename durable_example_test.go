package carillon_test

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// Why did it not run?
func ExampleScheduler_Explain() {
	s, pass := morning()
	defer s.Shutdown(context.Background())
	ctx, nine := context.Background(), time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC)
	s.Crontab("*/10 * * * *", func(ctx context.Context) error { return carillon.Sleep(ctx, 15*time.Minute) }, carillon.Job{ID: "sync"})
	pass(35 * time.Minute)
	s.PauseJob(ctx, "sync")
	pass(24 * time.Minute)
	s.ResumeJob(ctx, "sync")

	for _, minute := range []time.Duration{10, 20, 30, 34, 50, 70} {
		why, err := s.Explain(ctx, "sync", nine.Add(minute*time.Minute))
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(why)
	}
	// Output:
	// sync at 2025-05-01T09:10:00Z: did not run: MaxInstances is 1, and run 1, scheduled for 2025-05-01T09:00:00Z, was unfinished
	// sync at 2025-05-01T09:20:00Z: ran at 2025-05-01T09:20:00Z for 15m0s
	// sync at 2025-05-01T09:30:00Z: did not run: MaxInstances is 1, and run 2, scheduled for 2025-05-01T09:20:00Z, was unfinished
	// sync at 2025-05-01T09:34:00Z: did not run: the job's trigger does not have this time; the next one is 2025-05-01T09:40:00Z
	// sync at 2025-05-01T09:50:00Z: did not run: the job was paused at 2025-05-01T09:35:00Z
	// sync at 2025-05-01T10:10:00Z: has not come yet; the job's next run time is 2025-05-01T10:00:00Z
}

func ExampleScheduler_History() {
	s, pass := morning()
	ctx := context.Background()
	s.Every(10*time.Minute, func(context.Context) error { return fmt.Errorf("disk full") }, carillon.Job{ID: "backup"})
	s.Every(30*time.Minute, say("report"), carillon.Job{ID: "report"})
	pass(30 * time.Minute)
	for record, err := range s.History(ctx, carillon.HistoryQuery{Outcomes: []carillon.Outcome{carillon.Failed}, Limit: 2}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(record.Scheduled.Format("15:04"), record.JobID, record.Outcome, record.Reason)
	}
	s.Shutdown(ctx)
	// Output:
	// 09:30 report
	// 09:30 backup failed disk full
	// 09:20 backup failed disk full
}

// A job that outlives the process: what it runs is a task, which has a name.
func ExampleScheduler_AddJob_task() {
	ctx := context.Background()
	Poll := carillon.NewTask("poll", func(ctx context.Context, url string) error { return fetch(ctx, url) })
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": sqlite.Open("jobs.db")},
		Tasks:  carillon.NewTasks(Poll),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = s.AddJob(ctx, Poll.With("https://example.org"), triggers.Must(triggers.Every(10*time.Second)),
		carillon.Job{ID: "poll", Replace: true}) // Replace: it may be there from the last time
	fmt.Println(err)
	// Output: <nil>
}

func fetch(context.Context, string) error { return nil }

// Jobs that outlive the process.
func ExampleConfig_durable() {
	Remind := carillon.NewTask("remind", func(_ context.Context, who string) error { return nil })
	Report := carillon.NewTask("report", func(context.Context, struct{}) error { return nil })
	config :=
		carillon.Config{
			Stores: carillon.Stores{"default": sqlite.Open("jobs.db")},
			Tasks:  carillon.NewTasks(Remind, Report),
		}
	_, err := carillon.New(config) // the file is opened when it is started
	fmt.Println(err)
	// Output: <nil>
}
