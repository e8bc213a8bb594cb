package planner_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/triggers"
)

// Is one run at a time enough for a night?
func ExamplePlan() {
	job := func(id, expression string) carillon.Job {
		trigger, err := triggers.NewCrontab(expression, triggers.Options{})
		if err != nil {
			panic(err)
		}
		return carillon.Job{ID: id, Trigger: trigger, MisfireGrace: time.Hour}
	}
	report, err := planner.Plan(context.Background(), planner.Config{
		Jobs:      []carillon.Job{job("backup", "0 1 * * *"), job("invoices", "30 1 * * *"), job("poll", "*/20 * * * *")},
		From:      time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC),
		Until:     time.Date(2024, 5, 1, 6, 0, 0, 0, time.UTC),
		Duration:  planner.Durations(map[string]time.Duration{"backup": 105 * time.Minute}, 45*time.Second),
		Executors: map[string]int{"default": 1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := report.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Plan of 3 jobs from Wed 1 May 2024 00:00 until Wed 1 May 2024 06:00, UTC
	// 20 runs: 13 executed, 5 skipped, 2 missed. At most 1 at a time, first on Wed 1 May 00:00.
	//
	// TIMELINE
	//             |Wed 1 May  |01:00      |02:00      |03:00      |04:00      |05:00
	//   backup    ············█████████████████████·······································
	//   invoices  ··················m·····················································
	//   poll      ▂···▂···▂···m···s···s···s···s···s···▂···▂···▂···▂···▂···▂···▂···▂···▂···
	//   A character is 5m: ▁ to █ how much of it runs are executed, s: one is skipped, m: one is missed.
	//
	// JOBS
	//   job       trigger                       runs  executed  skipped  missed  busy   longest run  first
	//   backup    crontab(0 1 * * *) in UTC        1         1        0       0  1h45m  1h45m        Wed 1 May 01:00
	//   invoices  crontab(30 1 * * *) in UTC       1         0        0       1  0      0            Wed 1 May 01:30
	//   poll      crontab(*/20 * * * *) in UTC    18        12        5       1  9m     45s          Wed 1 May 00:00
	//
	// EXECUTORS
	//   executor  size  executed  at a time  first on         busy  full  waited  longest wait
	//   default      1        13          1  Wed 1 May 00:00  32 %  32 %       0             0
	//
	// BUSIEST MINUTES
	//   time of day  due  at a time  days  first on
	//   01:00          2          1     1  Wed 1 May 01:00
	//
	// NOT EXECUTED
	//   job       outcome  runs  first            last             reason of the first
	//   invoices  missed      1  Wed 1 May 01:30  Wed 1 May 01:30  run time was missed by 1h15m0s; its grace is 1h0m0s
	//   poll      skipped     5  Wed 1 May 01:20  Wed 1 May 02:40  maximum number of running instances reached: 1
	//   poll      missed      1  Wed 1 May 01:00  Wed 1 May 01:00  run time was missed by 1h45m0s; its grace is 1h0m0s
}

// The runs of a report are data.
func ExampleReport() {
	hourly, err := triggers.Every(time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	from := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	report, err := planner.Plan(context.Background(), planner.Config{
		Jobs: []carillon.Job{{ID: "sync", Trigger: hourly}},
		From: from, Until: from.Add(5 * time.Hour),
		Duration: planner.Durations(nil, 70*time.Minute),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, run := range report.Runs {
		fmt.Println(run.Scheduled.Format("15:04"), run.Outcome, run.Duration())
	}
	// Output:
	// 01:00 executed 1h10m0s
	// 02:00 skipped 0s
	// 03:00 executed 1h10m0s
	// 04:00 skipped 0s
}
