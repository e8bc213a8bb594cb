package metrics_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/metrics"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestBusyDay lives through a day of jobs that overlap, fail, panic, come too late
// and are paused, and two lives of the scheduler: what is counted is what the
// store has recorded, of each task and outcome.
func TestBusyDay(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { busyDay(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func busyDay(t *testing.T, random *rand.Rand) {
	store := memory.Config{History: stores.Retention{Count: 1_000_000, Age: 1000 * time.Hour}}.New()
	r := newRig(t, carillon.Config{Stores: carillon.Stores{"default": store.Open}}, metrics.Config{})
	for i := range 30 {
		interval := time.Duration(20+random.IntN(1000)) * time.Second
		settings := carillon.Job{ID: fmt.Sprint("job ", i), MaxInstances: 1 + random.IntN(2)}
		if random.IntN(2) == 0 {
			settings.Coalesce = carillon.All
		}
		if random.IntN(3) == 0 {
			settings.MisfireGrace = time.Minute
		}
		r.every(interval, whatever(random, interval), settings)
	}
	for range 2 {
		r.start()
		for range 12 {
			r.pass(time.Duration(random.IntN(60)) * time.Minute)
			r.must(r.Pause(t.Context()))
			r.pass(time.Duration(random.IntN(10)) * time.Minute)
			r.must(r.Resume(t.Context()))
		}
		r.shutdown()
	}
	r.must(r.StartPaused(t.Context())) // to read the history
	recorded, all := make(map[string]float64), 0.0
	for record, err := range r.History(t.Context(), carillon.HistoryQuery{}) {
		r.must(err)
		recorded[record.JobID+" "+record.Outcome.String()]++
		all++
	}
	for _, outcome := range []carillon.Outcome{carillon.Executed, carillon.Failed, carillon.Missed, carillon.Skipped, carillon.Lost} {
		r.series("carillon_runs_total", "outcome", outcome.String(), func(m *dto.Metric) {
			task := labelOf(m, "task")
			counted := m.GetCounter().GetValue()
			all -= counted
			if want := recorded[task+" "+outcome.String()]; counted != want {
				t.Errorf("%s: %v are counted as %v, but %v recorded", task, counted, outcome, want)
			}
		})
	}
	if all != 0 {
		t.Errorf("%v records more than counted", all)
	}
	t.Log(len(recorded), "kinds of outcomes")
	r.shutdown()
}

// whatever returns a job that does what it likes.
func whatever(random *rand.Rand, interval time.Duration) carillon.Func {
	fate := random.IntN(5)
	takes := time.Duration(random.IntN(int(2 * interval)))
	return func(ctx context.Context) error {
		switch fate {
		case 0:
			return fail(ctx)
		case 1:
			panic("ouch")
		case 2:
			return nil
		}
		return carillon.Sleep(ctx, takes)
	}
}
