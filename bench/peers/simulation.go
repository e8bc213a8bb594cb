package main

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

const (
	simulator = "simulator"
	fakeClock = "fake clock"
)

// simulationQuestion is about virtual time: fifty hourly jobs for as many days
// as the size says. The simulator runs everything on one goroutine in an order
// of its seed; the fake clock is put under a real scheduler.
var simulationQuestion = question{
	name:     "simulation",
	asks:     "How many runs are simulated in a second?",
	figures:  []figure{{"rate", "runs/s", true}, {"year", "s for a year of 50 hourly jobs", false}},
	variants: []string{simulator, fakeClock},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{1}
		}
		return []int{30}
	},
	column:   func(n int) string { return fmt.Sprintf("%d days", n) },
	subjects: func(string) []string { return []string{"carillon"} },
	measure:  measureSimulation,
}

const simulatedJobs = 50

func measureSimulation(c Case, _ scale) (Sample, error) {
	span := time.Duration(c.N) * 24 * time.Hour
	simulate := inSimulator
	if c.Variant == fakeClock {
		simulate = underFakeClock
	}
	began := time.Now()
	runs, err := simulate(span)
	if err != nil {
		return Sample{}, err
	}
	took := time.Since(began).Seconds()
	return Sample{Figures: map[string]float64{
		"rate": float64(runs) / took,
		"year": took * 365 / float64(c.N),
	}}, nil
}

func inSimulator(span time.Duration) (runs int, err error) {
	sim := clocktest.New(clocktest.Config{Seed: 1})
	defer sim.Close()
	s, err := carillon.New(sim.Config())
	if err != nil {
		return 0, err
	}
	if err := startHourly(s, &runs); err != nil {
		return 0, err
	}
	return runs, sim.Advance(span)
}

func underFakeClock(span time.Duration) (runs int, err error) {
	clock := clocktest.NewClock(walkFrom)
	c := openCarillonWith(func(config *carillon.Config) { config.Clock = clock })
	if err := startHourly(c.s, &runs); err != nil {
		return 0, err
	}
	err = clocktest.Advance(context.Background(), c.s, clock, span)
	return int(c.outcomes.Load()), err
}

// startHourly starts a scheduler with jobs that count their runs, which is
// right only on one goroutine.
func startHourly(s *carillon.Scheduler, runs *int) error {
	for range simulatedJobs {
		_, err := s.Every(time.Hour, func(context.Context) error { *runs++; return nil })
		if err != nil {
			return err
		}
	}
	return s.Start(context.Background())
}
