package recipes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

// series is a label of the metrics.
type series struct{ job, outcome string }

// metrics counts how runs end. With a client library, add has a line for each of
// its metrics instead, such as runs.Add(ctx, 1, metric.WithAttributes(…)) of
// OpenTelemetry. For Prometheus there is package metrics.
type metrics struct {
	mu      sync.Mutex
	runs    map[series]int
	seconds map[series]float64
}

func (m *metrics) add(job string, outcome carillon.Outcome, runs int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := series{job, outcome.String()}
	m.runs[key] += runs
	m.seconds[key] += took.Seconds()
}

// listen takes all five ways in which a run can end.
func (m *metrics) listen(event carillon.Event) {
	switch e := event.(type) {
	case *messages.JobExecuted:
		m.add(e.Run.JobID, e.Outcome, 1, e.Finished.Sub(e.Started))
	case *messages.JobError:
		m.add(e.Run.JobID, e.Outcome, 1, e.Finished.Sub(e.Started))
	case *messages.JobMissed:
		m.add(e.Run.JobID, e.Outcome, 1, 0)
	case *messages.JobLost:
		m.add(e.Run.JobID, e.Outcome, 1, 0)
	case *messages.JobMaxInstances:
		m.add(e.JobID, carillon.Skipped, len(e.Scheduled), 0)
	}
}

// write writes what Prometheus reads, if an HTTP handler does it.
func (m *metrics) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range slices.SortedFunc(maps.Keys(m.runs), func(a, b series) int {
		return cmp.Or(strings.Compare(a.job, b.job), strings.Compare(a.outcome, b.outcome))
	}) {
		fmt.Fprintf(w, "job_runs_total{job=%q,outcome=%q} %d\n", key.job, key.outcome, m.runs[key])
		fmt.Fprintf(w, "job_seconds_total{job=%q,outcome=%q} %g\n", key.job, key.outcome, m.seconds[key])
	}
}

func Example_metrics() {
	s, pass := begin(carillon.Config{})

	m := &metrics{runs: make(map[series]int), seconds: make(map[series]float64)}
	_, err := s.AddListener(m.listen, messages.MaskOutcomes)

	check(err)
	s.Every(time.Minute, sleep(90*time.Second), carillon.Job{ID: "slow"})
	s.Every(4*time.Minute, func(context.Context) error { return errDown }, carillon.Job{ID: "bad"})
	pass(4*time.Minute + 45*time.Second)
	check(s.Shutdown(ctx))
	m.write(os.Stdout)
	// Output:
	// job_runs_total{job="bad",outcome="failed"} 1
	// job_seconds_total{job="bad",outcome="failed"} 0
	// job_runs_total{job="slow",outcome="executed"} 2
	// job_seconds_total{job="slow",outcome="executed"} 180
	// job_runs_total{job="slow",outcome="skipped"} 2
	// job_seconds_total{job="slow",outcome="skipped"} 0
}

func Example_alert() {
	s, pass := begin(carillon.Config{})

	failures := make(map[string]int)
	_, err := s.AddListener(func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.JobExecuted:
			delete(failures, e.Run.JobID)
		case *messages.JobError:
			if failures[e.Run.JobID]++; failures[e.Run.JobID] == 3 {
				fmt.Println(e.Run.Key(), "has failed three times in a row:", e.Err)
			}
		}
	}, messages.MaskJobExecuted|messages.MaskJobError)

	check(err)
	s.Every(time.Minute, func(context.Context) error { return errDown }, carillon.Job{ID: "poll"})
	pass(5 * time.Minute)
	check(s.Shutdown(ctx))
	// Output: poll@2025-05-01T09:03:00Z has failed three times in a row: server is down
}

func Example_takesTooLong() {
	s, pass := begin(carillon.Config{})

	s.Every(time.Minute, func(ctx context.Context) error {
		active, err := s.Runs(ctx)
		for _, a := range active {
			if took := s.Now().Sub(a.Started); !a.Started.IsZero() && took >= time.Hour {
				err = errors.Join(err, fmt.Errorf("%s has gone on for %v", a.Run.Key(), took))
			}
		}
		return err
	}, carillon.Job{ID: "watch"})

	s.Every(time.Hour, sleep(70*time.Minute+30*time.Second), carillon.Job{ID: "import"})
	failures := 0
	carillon.On(s, func(e *messages.JobError) {
		if failures++; failures == 1 {
			fmt.Println(e.Err)
		}
	})
	pass(150 * time.Minute)
	check(s.Shutdown(ctx))
	fmt.Println(failures, "minutes long")
	// Output:
	// import@2025-05-01T10:00:00Z has gone on for 1h0m0s
	// 11 minutes long
}

func Example_chain() {
	s, pass := begin(carillon.Config{})
	extract, load := say("extract"), say("load")

	_, err := s.Crontab("0 10 * * *", extract, carillon.Job{ID: "extract"})
	carillon.On(s, func(e *messages.JobExecuted) {
		if e.Run.JobID == "extract" {
			_, err := s.AddJob(ctx, load, nil, carillon.Job{ID: "load", Replace: true})
			check(err)
		}
	})

	check(err)
	pass(2 * time.Hour)
	check(s.Shutdown(ctx))
	// Output:
	// 10:00:00 extract
	// 10:00:00 load
}

func Example_asleep() {
	s, pass := begin(carillon.Config{})

	s.Crontab("0 * * * *", func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println("backup for", run.First.Format("15:04"), "to", run.Scheduled.Format("15:04"))
		return nil
	}, carillon.Job{NextRunTime: start.Add(time.Hour)})
	s.Crontab("0 * * * *", say("a chime"), carillon.Job{MisfireGrace: time.Minute})
	carillon.On(s, func(e *messages.ClockJumped) { fmt.Println("asleep for", e.By) })

	pass(30 * time.Minute)
	clock.Set(start.Add(8*time.Hour + 20*time.Minute)) // the lid was closed
	pass(0)
	check(s.Shutdown(ctx))
	// Unordered output:
	// 09:00:00 a chime
	// asleep for 7h20m0s
	// backup for 10:00 to 17:00
}

func Example_lastRun() {
	s, pass := begin(carillon.Config{})
	_, err := s.Every(time.Hour, sleep(time.Minute), carillon.Job{ID: "backup"})
	check(err)
	pass(150 * time.Minute)

	for last, err := range s.History(ctx, carillon.HistoryQuery{JobID: "backup", Outcomes: []carillon.Outcome{carillon.Executed}, Limit: 1}) {
		check(err)
		fmt.Println("the last good backup was at", last.Started.Format("15:04"))
	}

	check(s.Shutdown(ctx))
	// Output: the last good backup was at 11:00
}

func Example_group() {
	s, _ := begin(carillon.Config{})
	for _, id := range []string{"ada/mail", "ada/backup", "bob/mail"} {
		_, err := s.Every(time.Hour, say(id), carillon.Job{ID: id})
		check(err)
	}

	var group []string
	for job, err := range s.AllJobs(ctx) {
		check(err)
		if strings.HasPrefix(job.ID, "ada/") {
			group = append(group, job.ID)
		}
	}
	err := s.RemoveJobs(ctx, group)

	check(err)
	jobs, err := s.Jobs(ctx)
	check(err)
	check(s.Shutdown(ctx))
	fmt.Println(len(jobs), jobs[0].ID)
	// Output: 1 bob/mail
}
