package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/storetest"
)

// BenchmarkClaimFinish measures a run from being claimed to being finished, on
// a server that waits for the disk, by one scheduler. The jobs recur, or run
// once ("once"); with the history that a store has by default, or without.
func BenchmarkClaimFinish(b *testing.B) {
	db := testserver.Postgres(b, testserver.Durable)
	next := fresh(db.DSN)
	for _, history := range []string{"history", "bare"} {
		config := func() postgres.Config {
			c := next()
			if history == "bare" {
				c.History.Count = -1
			}
			return c
		}
		for _, batch := range []int{1, 100, 500, 1000} {
			b.Run(fmt.Sprintf("recurring/%s/batch=%d", history, batch), func(b *testing.B) { benchmark(b, config(), batch, false) })
			b.Run(fmt.Sprintf("once/%s/batch=%d", history, batch), func(b *testing.B) { benchmark(b, config(), batch, true) })
		}
	}
}

const benchJobs = 50_000

func benchmark(b *testing.B, config postgres.Config, batch int, once bool) {
	s := open(b, config)
	if err := s.Heartbeat(b.Context(), "bench", time.Hour); err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fill := func(round int) {
		for i := 0; i < benchJobs; i += 1000 {
			put(b, s, jobs(1000, func(k int) job.Job {
				return due(fmt.Sprintf("job-%d-%08d", round, i+k), start.Add(time.Duration((i+k)*7919%benchJobs)*time.Millisecond))
			})...)
		}
	}
	fill(0)
	plan := func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next, step.Ended = j.NextRunTime.Add(time.Minute), once
	}
	now, runs, seq := start.Add(time.Minute), 0, uint64(0)
	var done []stores.Done
	step := func(batch int) {
		seq++
		c, err := s.ClaimDue(b.Context(), &stores.Claim{Node: "bench", Seq: seq, Now: now, Limit: batch, Plan: plan})
		if err != nil {
			b.Fatal(err)
		}
		done = done[:0]
		for i := range c.Runs {
			r := &c.Runs[i]
			done = append(done, stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed, Started: now, Finished: now})
		}
		if f, err := s.Finish(b.Context(), "bench", done); err != nil || f.Held != len(done) {
			b.Fatal(f, err)
		}
		runs += len(done)
		if !c.More {
			b.StopTimer()
			now = now.Add(time.Minute)
			if once {
				fill(int(seq))
			}
			b.StartTimer()
		}
	}
	for !once && runs < benchJobs { // have all jobs been seen once
		step(1000)
	}
	runs = 0
	for b.Loop() {
		step(batch)
	}
	b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStore measures what every store is measured by.
func BenchmarkStore(b *testing.B) {
	next := fresh(testserver.Postgres(b, testserver.Durable).DSN)
	storetest.Benchmark(b, storetest.Harness{
		Open: func(testing.TB) stores.Opener { return next().Open },
	})
}
