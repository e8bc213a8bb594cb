package clocktest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clocktest"
)

const year = 365 * 24 * time.Hour

// What a simulation may cost is said in processor time, of all threads, since a
// machine may have other things to do: the median of all repetitions. For a
// figure to go by, have ten of them: -bench . -benchtime 10x.

// BenchmarkYearWithFaults is a year of one hourly job, with faults: to take less
// than 100 ms.
func BenchmarkYearWithFaults(b *testing.B) {
	w := world{jobs: 1, every: time.Hour, lives: year}
	benchmarkWorld(b, w, 1, clocktest.AllFaults())
}

// BenchmarkYear50 is a year of fifty hourly jobs, 438,000 runs: to take less than
// 2.5 s.
func BenchmarkYear50(b *testing.B) {
	w := world{jobs: 50, every: time.Hour, alike: true, lives: year}
	benchmarkWorld(b, w, 1, nil)
}

// BenchmarkSeeds is a sweep of a thousand seeds, ten minutes of fifty jobs: to
// take less than 4 s.
func BenchmarkSeeds(b *testing.B) {
	w := world{jobs: 50, every: time.Minute, alike: true, lives: 10 * time.Minute}
	benchmarkWorld(b, w, 1000, clocktest.AllFaults())
}

func benchmarkWorld(b *testing.B, w world, seeds int, faults clocktest.Faults) {
	runs, steps, struck := 0, uint64(0), 0
	var took []time.Duration
	for b.Loop() {
		from := processorTime()
		for seed := range uint64(seeds) {
			sim, n := w.simulate(clocktest.Config{Seed: seed, Faults: faults})
			runs += n
			steps += sim.Steps()
			struck += len(sim.Faults())
		}
		took = append(took, processorTime()-from)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "cpu-ms/op")
	b.ReportMetric(float64(runs)/float64(b.N), "runs/op")
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
	b.ReportMetric(float64(struck)/float64(b.N), "faults/op")
}
