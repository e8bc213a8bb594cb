package executortest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// inFlight is how many runs a benchmark lets an Executor fall behind.
const inFlight = 4096

// Benchmark measures how fast an Executor gets through runs that do nothing,
// by how many come at a time. One operation is one run. Besides the usual it
// reports how many results a call of Host.Report brings on average.
//
// The memory for the runs themselves is not counted: it is used again as soon
// as all runs in it have been reported.
func Benchmark(b *testing.B, open executors.Opener) {
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			benchmark(b, open, size)
		})
	}
}

func benchmark(b *testing.B, open executors.Opener, size int) {
	load := newLoad()
	executor, err := open(context.Background(), load.host())
	if err != nil {
		b.Fatal(err)
	}
	batches := make([][]job.Run, inFlight/size)
	for i := range batches {
		batches[i] = trivialRuns(size)
	}

	b.ReportAllocs()
	b.ResetTimer()
	sent := 0
	for i := 0; sent < b.N; i++ {
		load.await(sent + size - len(batches)*size)
		executor.Execute(batches[i%len(batches)])
		sent += size
	}
	load.await(sent)
	b.StopTimer()

	b.ReportMetric(float64(sent)/float64(load.reports.Load()), "runs/report")
	if err := executor.Shutdown(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func trivialRuns(n int) []job.Run {
	runs := make([]job.Run, n)
	for i := range runs {
		id := int64(i + 1)
		runs[i] = job.Run{ID: id, Instance: id, JobID: "benchmark", Scheduled: clock.Real().Now(), MisfireGrace: time.Hour, Do: succeed}
	}
	return runs
}
