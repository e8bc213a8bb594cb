package clocktest_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/clocktest"
)

const year = 365 * 24 * time.Hour

// BenchmarkYearWithFaults is a year of one hourly job, with faults.
func BenchmarkYearWithFaults(b *testing.B) {
	w := world{jobs: 1, every: time.Hour, lives: year}
	benchmarkWorld(b, w, 1, clocktest.AllFaults())
}

// BenchmarkYear50 is a year of fifty hourly jobs: 438,000 runs.
func BenchmarkYear50(b *testing.B) {
	w := world{jobs: 50, every: time.Hour, alike: true, lives: year}
	benchmarkWorld(b, w, 1, nil)
}

// BenchmarkSeeds is a sweep of a thousand seeds: ten minutes of fifty jobs.
func BenchmarkSeeds(b *testing.B) {
	w := world{jobs: 50, every: time.Minute, alike: true, lives: 10 * time.Minute}
	benchmarkWorld(b, w, 1000, clocktest.AllFaults())
}

func benchmarkWorld(b *testing.B, w world, seeds int, faults clocktest.Faults) {
	runs, steps, struck := 0, uint64(0), 0
	for b.Loop() {
		for seed := range uint64(seeds) {
			sim, n := w.simulate(clocktest.Config{Seed: seed, Faults: faults})
			runs += n
			steps += sim.Steps()
			struck += len(sim.Faults())
		}
	}
	b.ReportMetric(float64(runs)/float64(b.N), "runs/op")
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
	b.ReportMetric(float64(struck)/float64(b.N), "faults/op")
}
