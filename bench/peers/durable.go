package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

var durableJobs = []int{10_000}

// durableQuestion is about whole schedulers on a store that outlives them: jobs
// that are due are claimed, executed and finished, up to when the end of the
// last one is recorded. River does the same with its jobs.
var durableQuestion = question{
	name: "durable",
	asks: "How many stored jobs are run, up to when their ends are recorded?",
	figures: []figure{
		{"rate", "runs/s", true},
		{"cpu", "ns of CPU a run", false},
	},
	variants: []string{oneScheduler, fourSchedulers},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{200}
		}
		return durableJobs
	},
	subjects: func(string) []string { return append(storeNames(), riverSubject) },
	measure:  measureDurable,
}

func measureDurable(c Case, s scale) (Sample, error) {
	if c.Subject == riverSubject {
		return measureRiver(c, s)
	}
	kind, found := kindOf(c.Subject)
	if !found {
		return Sample{}, fmt.Errorf("there is no store %q", c.Subject)
	}
	return kind.inPlace(func(place string) (Sample, error) {
		return runStored(c, s, kind.open(place)), nil
	})
}

func runStored(c Case, s scale, open stores.Opener) Sample {
	ctx := context.Background()
	var runs, outcomes atomic.Int64
	task := carillon.NewTask("peers.run", func(context.Context, map[string]string) error { runs.Add(1); return nil })
	all := make([]*carillonSubject, schedulersOf(c.Variant))
	for i := range all {
		all[i] = openCarillonWith(func(config *carillon.Config) {
			config.Tasks = carillon.NewTasks(task)
			config.Stores = carillon.Stores{"default": open}
		})
		check(all[i].s.StartPaused(ctx))
	}
	due := time.Now().Add(-time.Second)
	for i := 0; i < c.N; i += 1000 {
		jobs := make([]carillon.Job, min(1000, c.N-i))
		for k := range jobs {
			jobs[k] = carillon.Job{
				ID:      "job-" + strconv.Itoa(i+k),
				Call:    task.With(map[string]string{"to": "ada@example.com"}),
				Trigger: triggers.At(due),
			}
		}
		must(all[0].s.AddJobs(ctx, jobs))
	}
	end := begin()
	for _, subject := range all {
		check(subject.s.Resume(ctx))
	}
	done := wait(s, int64(c.N), &runs)
	var settled sync.WaitGroup
	for _, subject := range all {
		settled.Go(func() {
			check(subject.s.Shutdown(ctx)) // which records the ends
			outcomes.Add(subject.outcomes.Load())
		})
	}
	settled.Wait()
	used := end()
	if outcomes.Load() != runs.Load() {
		panic(fmt.Sprintf("%d outcomes of %d runs", outcomes.Load(), runs.Load()))
	}
	return durableSample(done, int(runs.Load()), c, s, used)
}

func durableSample(done bool, runs int, c Case, s scale, used usage) Sample {
	sample := Sample{}
	if !done {
		sample = unfinished("run", runs, c.N, s.patience)
	}
	_, cpu, _ := used.each(max(runs, 1))
	sample.Figures = map[string]float64{"rate": float64(runs) / used.wall.Seconds(), "cpu": cpu}
	return sample
}

// wait returns when there have been so many runs, or false when the patience is
// over.
func wait(s scale, n int64, runs *atomic.Int64) bool {
	for began := time.Now(); runs.Load() < n; time.Sleep(time.Millisecond) {
		if time.Since(began) > s.patience {
			return false
		}
	}
	return true
}
