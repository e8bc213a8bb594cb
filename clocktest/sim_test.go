package clocktest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

func simulateYear(t testing.TB, seed uint64) (runs int, hash uint64, steps uint64) {
	sim := clocktest.New(clocktest.Config{Seed: seed})
	defer sim.Close()
	s, err := carillon.New(sim.Config())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Crontab("0 * * * *", func(ctx context.Context) error {
		runs++
		return carillon.Sleep(ctx, time.Minute)
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := sim.AdvanceTo(sim.Now().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return runs, sim.Hash(), sim.Steps()
}

func TestSimulatedYear(t *testing.T) {
	begun := time.Now()
	runs, hash, steps := simulateYear(t, 7)
	t.Log(runs, hash, steps, time.Since(begun))
	if runs != 366*24+1 {
		t.Errorf("%d runs, want %d", runs, 366*24+1)
	}
	_, again, _ := simulateYear(t, 7)
	if again != hash {
		t.Errorf("the same seed gave two histories")
	}
	if _, other, _ := simulateYear(t, 8); other == hash {
		t.Errorf("two seeds gave the same history")
	}
}

// TestSchedulerOutsideOfTheSimulation finishes one that was made without what
// Sim.Config returns: nothing was tested, which must not be green.
func TestSchedulerOutsideOfTheSimulation(t *testing.T) {
	sim := clocktest.New(clocktest.Config{})
	defer sim.Close()
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := sim.Finish(s); err == nil || !strings.Contains(err.Error(), "Sim.Config") {
		t.Errorf("finished with %v", err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
