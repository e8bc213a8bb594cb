package carillon_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/inline"
)

type tenant struct{}

// TestBaseContext has runs find a value of the program's in their contexts, on
// each executor, and after the context that it came from has ended. What is the
// scheduler's own there is not hidden by it, and the runs end with a shutdown.
func TestBaseContext(t *testing.T) {
	base, end := context.WithCancelCause(context.WithValue(t.Context(), tenant{}, "acme"))
	end(errors.New("the program goes on without it"))
	config := carillon.Config{BaseContext: base, Executors: carillon.Executors{"inline": inline.Open}}
	for _, alias := range []string{"default", "inline"} {
		inBubble(t, config, func(t *testing.T, r *rig) {
			r.at("job", time.Second, func(ctx context.Context) error {
				run, _ := carillon.FromContext(ctx)
				if value := ctx.Value(tenant{}); value != "acme" || run.JobID != "job" || context.Cause(ctx) != nil {
					t.Errorf("%s: value %v, run %v, cause %v", alias, value, run, context.Cause(ctx))
				}
				return carillon.Sleep(ctx, time.Second)
			}, carillon.Job{Executor: alias})
			r.start()
			r.pass(time.Minute)
			r.must(r.result("job").Err)
			r.shutdown()
		})
	}
	inBubble(t, config, func(t *testing.T, r *rig) {
		r.once("long", func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		})
		r.start()
		r.pass(time.Hour)
		if err := r.shutdownWithin(time.Second); err == nil {
			t.Error("the run has ended before")
		}
		if err := r.result("long").Err; !errors.Is(err, carillon.ErrShutdown) {
			t.Errorf("the run has ended with %v", err)
		}
	})
}

// TestBaseContextInSimulation does it in a simulation, which has values of its
// own there.
func TestBaseContextInSimulation(t *testing.T) {
	sim := clocktest.New(clocktest.Config{})
	defer sim.Close()
	config := sim.Config()
	config.BaseContext = context.WithValue(t.Context(), tenant{}, "acme")
	s, err := carillon.New(config)
	must(t, err)
	var value any
	_, err = s.Every(time.Minute, func(ctx context.Context) error {
		value = ctx.Value(tenant{})
		return carillon.Sleep(ctx, time.Second)
	})
	must(t, err)
	must(t, s.Start(t.Context()))
	must(t, sim.Advance(time.Hour))
	must(t, s.Shutdown(t.Context()))
	if value != "acme" {
		t.Errorf("value %v", value)
	}
}
