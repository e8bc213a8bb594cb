package redis_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { testserver.Main(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(t testing.TB) stores.Opener {
			return redis.Config{URL: testserver.Redis(t).DSN, Kinds: storetest.Kinds()}.Open
		},
		Durable:   true,
		Shared:    true,
		Watch:     true,
		History:   true,
		RealLease: time.Second,
	})
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, storetest.Harness{
		Open: func(t testing.TB) stores.Opener { return redis.Open(testserver.Redis(t).DSN) },
	})
}

// BenchmarkClaimFinish measures a run from its claim to its end, on a server
// that syncs its file each second, with a history and without.
func BenchmarkClaimFinish(b *testing.B) {
	const jobs = 10_000
	for _, records := range []int{0, -1} {
		for _, batch := range []int{1, 100, 1000} {
			b.Run(fmt.Sprintf("records=%d/batch=%d", max(0, records+1)*redis.DefaultHistoryCount, batch), func(b *testing.B) {
				s := opened(b, redis.Config{URL: testserver.Redis(b).DSN, History: stores.Retention{Count: records}})
				beat(b, s, "n")
				for i := 0; i < jobs; i += 1000 {
					page := make([]job.Job, 1000)
					for k := range page {
						page[k] = due(fmt.Sprintf("job-%05d", i+k))
					}
					put(b, s, page...)
				}
				now, seq, n := t0, uint64(0), 0
				for b.Loop() {
					seq++
					c, err := s.ClaimDue(b.Context(), &stores.Claim{Node: "n", Seq: seq, Now: now, Limit: batch, Plan: minutely})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := s.Finish(b.Context(), "n", executed(c.Runs)); err != nil {
						b.Fatal(err)
					}
					if n += len(c.Runs); !c.More {
						now = now.Add(time.Minute)
					}
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "runs/s")
			})
		}
	}
}

// minutely runs a job each minute.
func minutely(j *job.Job, _ int, step *stores.Step) {
	step.Runs = append(step.Runs, j.NextRunTime)
	step.Next = j.NextRunTime.Add(time.Minute)
}
