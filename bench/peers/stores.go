package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// storesQuestion is about stores without a scheduler: due runs of hourly jobs
// are claimed and finished, in batches, by one or more who share the store.
var storesQuestion = question{
	name: "stores",
	asks: "How many runs are claimed and finished, in batches of this size?",
	figures: []figure{
		{"rate", "runs/s", true},
		{"cpu", "ns of CPU a run", false},
	},
	variants: []string{oneScheduler, fourSchedulers},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{100}
		}
		return []int{1, 10, 100, 1_000}
	},
	subjects: func(string) []string { return storeNames() },
	measure: func(c Case, s scale) (Sample, error) {
		kind, found := kindOf(c.Subject)
		if !found {
			return Sample{}, fmt.Errorf("there is no store %q", c.Subject)
		}
		return kind.inPlace(func(place string) (Sample, error) {
			return measureStore(c, s, kind.open(place)), nil
		})
	},
}

const (
	oneScheduler   = "1 scheduler"
	fourSchedulers = "4 schedulers"
)

const storedJobs = 5_000

// schedulersOf reads a variant such as "4 schedulers".
func schedulersOf(variant string) int {
	var n int
	must(fmt.Sscanf(variant, "%d", &n))
	return n
}

func measureStore(c Case, s scale, open stores.Opener) Sample {
	var all []*claimer
	for i := range schedulersOf(c.Variant) {
		all = append(all, newClaimer(open, "scheduler-"+strconv.Itoa(i), c.N))
	}
	jobs := hourlyJobs(storedJobs)
	for i := 0; i < len(jobs); i += 1000 {
		check(all[0].store.Put(context.Background(), stores.Insert, jobs[i:i+1000]))
	}
	for _, claimer := range all {
		claimer.warmUp()
	}
	var runs atomic.Int64
	var together sync.WaitGroup
	end, began := begin(), time.Now()
	for _, claimer := range all {
		together.Go(func() {
			for time.Since(began) < s.stretch {
				runs.Add(int64(claimer.step()))
			}
		})
	}
	together.Wait()
	used := end()
	_, cpu, _ := used.each(int(runs.Load()))
	return Sample{Figures: map[string]float64{"rate": float64(runs.Load()) / used.wall.Seconds(), "cpu": cpu}}
}

// claimer is what a scheduler does with a store.
type claimer struct {
	store stores.Store
	claim stores.Claim
	done  []stores.Done
}

func newClaimer(open stores.Opener, name string, batch int) *claimer {
	ctx := context.Background()
	c := &claimer{store: must(open(ctx, stores.Env{Alias: "default", Clock: clock.Real(), Logger: silent(nil)}))}
	check(c.store.Heartbeat(ctx, name, time.Minute))
	c.claim = stores.Claim{Node: name, Now: storeEpoch.Add(time.Hour), Limit: batch, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next = j.NextRunTime.Add(time.Hour)
	}}
	return c
}

// warmUp has a scheduler see all jobs once: stores keep what they have decoded.
func (c *claimer) warmUp() {
	limit := c.claim.Limit
	c.claim.Limit = 1000
	for hour := c.claim.Now.Add(time.Hour); c.claim.Now.Before(hour); {
		c.step()
	}
	c.claim.Limit = limit
}

// step claims a batch, finishes it, and goes on to the next hour when nothing
// is due any more.
func (c *claimer) step() int {
	ctx := context.Background()
	c.claim.Seq++
	claimed := must(c.store.ClaimDue(ctx, &c.claim))
	c.done = c.done[:0]
	for i := range claimed.Runs {
		r := &claimed.Runs[i]
		c.done = append(c.done, stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed,
			Started: r.Scheduled, Finished: r.Scheduled})
	}
	if len(c.done) > 0 {
		must(c.store.Finish(ctx, c.claim.Node, c.done))
	}
	if !claimed.More {
		c.claim.Now = c.claim.Now.Add(time.Hour)
	}
	return len(c.done)
}

var storeEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// hourlyJobs are due one after the other within the first hour.
func hourlyJobs(n int) []job.Job {
	hourly := must(triggers.NewInterval(time.Hour, triggers.Options{Start: storeEpoch}))
	task := job.NewTask("reports.send", func(context.Context, map[string]string) error { return nil })
	instant := within(time.Hour, n, storeEpoch)
	jobs := make([]job.Job, n)
	for i := range jobs {
		jobs[i] = job.Defaults{}.Apply(job.Job{
			ID:          "report-" + strconv.Itoa(i),
			Call:        task.With(map[string]string{"to": "ada@example.com"}),
			Trigger:     hourly,
			NextRunTime: instant(i),
		})
	}
	return jobs
}
