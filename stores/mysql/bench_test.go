package mysql_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/stores/storetest"
)

const benchJobs = 20_000

// BenchmarkClaimFinish measures a run from being claimed to being finished, on
// a server that waits for the disk, by one scheduler. The jobs recur, or run
// once ("once"); with the history that a store has by default, or without.
func BenchmarkClaimFinish(b *testing.B) {
	db := newDatabase(b, testserver.Durable)
	for _, history := range []string{"history", "bare"} {
		for name, plan := range map[string]func(*job.Job, int, *stores.Step){"recurring": later(time.Minute), "once": later(0)} {
			for _, batch := range []int{1, 100, 1000} {
				b.Run(fmt.Sprintf("%s/%s/batch=%d", name, history, batch), func(b *testing.B) {
					config := db.empty(b)
					if history == "bare" {
						config.History.Count = -1
					}
					benchmark(b, config, batch, plan)
				})
			}
		}
	}
}

func benchmark(b *testing.B, config mysql.Config, batch int, plan func(*job.Job, int, *stores.Step)) {
	s := open(b, config)
	ctx := b.Context()
	must(b, s.Heartbeat(ctx, "bench", time.Hour))
	round := 0
	fill := func() {
		round++
		for i := 0; i < benchJobs; i += 1000 {
			must(b, s.Put(ctx, stores.Replace, jobs(1000, func(k int) job.Job {
				return due(fmt.Sprintf("job-%d-%08d", round, i+k), noon.Add(time.Duration((i+k)*7919%benchJobs)*time.Millisecond))
			})))
		}
	}
	fill()
	now, runs, seq := noon.Add(time.Minute), 0, uint64(0)
	for b.Loop() {
		seq++
		c, err := s.ClaimDue(ctx, &stores.Claim{Node: "bench", Seq: seq, Now: now, Limit: batch, Plan: plan})
		must(b, err)
		if f, err := s.Finish(ctx, "bench", executed(c.Runs)); err != nil || f.Held != len(c.Runs) {
			b.Fatal(f, err)
		}
		runs += len(c.Runs)
		if !c.More {
			b.StopTimer()
			if now = now.Add(time.Minute); c.Next.IsZero() {
				fill()
			}
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStore measures what every store is measured by.
func BenchmarkStore(b *testing.B) {
	db := newDatabase(b, testserver.Durable)
	storetest.Benchmark(b, storetest.Harness{
		Open: func(b testing.TB) stores.Opener { return db.empty(b).Open },
	})
}
